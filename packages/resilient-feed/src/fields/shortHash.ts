import { writeJson } from '@soar-feed/core';
import { hash } from 'node:crypto';

/** 96 bits, so that different values have different digests. */
const DIGEST_LENGTH = 16;

/** Most fields of most objects are unset. */
const OF_NULL = hashOf(null);

/** A short hash of any value that JSON can express. */
export function shortHash(value: unknown): string {
  return value === null ? OF_NULL : hashOf(value);
}

function hashOf(value: unknown): string {
  return hash('sha256', writeJson(value), 'base64url').slice(0, DIGEST_LENGTH);
}
