import { PermanentError } from '@soar-feed/core';

/** Longest name of an index, bytes. */
const LONGEST = 255;

/** What no name of an index may hold (Elasticsearch and OpenSearch: create index API), and no key of a path. */
const FORBIDDEN = /[\\/*?"<>|\s,#:;%&+^]/;

/** Reads `index_prefix`. The server refuses upper case, so the prefix is lower-cased. Throws an `Error`. */
export function readPrefix(text: string): string {
  const prefix = text.toLowerCase();
  const problem = problemOf(`${prefix}incident`);
  if (problem !== undefined)
    throw new Error(`${JSON.stringify(text)} cannot begin the name of an index: it ${problem}`);
  return prefix;
}

/**
 * `<prefix><type>` as IBM has it, lower-cased: the server refuses upper case, which API names of data tables may have.
 * Throws `PermanentError` for a type that gives no valid name.
 */
export function indexName(prefix: string, type: string): string {
  const name = `${prefix}${type.toLowerCase()}`;
  const problem = problemOf(name);
  if (problem === undefined) return name;
  const shown = JSON.stringify(type.length > 60 ? `${type.slice(0, 60)}…` : type);
  throw new PermanentError(`The type ${shown} gives no valid name of an index: the name ${problem}.`, {
    code: 'elastic-index-name',
  });
}

function problemOf(name: string): string | undefined {
  if (FORBIDDEN.test(name)) return 'has a character that names of indices must not have';
  if (/^[._+-]/.test(name)) return 'begins with one of . _ + -';
  return Buffer.byteLength(name) > LONGEST ? `is longer than ${LONGEST} bytes` : undefined;
}
