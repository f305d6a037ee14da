import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { viewField } from '../config/fieldFacts.js';
import type { HostConfig } from '../config/loadHostConfig.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { PreparedFeed } from './PreparedHost.js';

interface Named {
  readonly feed: PreparedFeed;
  readonly key: string;
  readonly value: unknown;
  readonly ownPer?: readonly string[];
}

/**
 * Problems with files that two would write: a feed's file that is the state database, or something a feed needs for itself
 * (`ownPer`) that two feeds name. Files are compared by identity, whatever path leads to them.
 */
export async function sharedFiles(
  { feeds: { stateDb } }: Pick<HostConfig, 'feeds'>,
  feeds: readonly PreparedFeed[],
): Promise<readonly ConfigIssue[]> {
  const named = feeds.flatMap(namedBy);
  const issues: ConfigIssue[] = [];
  const state = stateDb.client === 'sqlite' ? await identityOf(stateDb.file) : undefined;
  for (const { feed, key, value } of named) {
    if (state === undefined || typeof value !== 'string' || (await identityOf(value)) !== state) continue;
    const problem = `names ${value}, which is the file of the host's state ([feeds] state_db); name another file`;
    issues.push({ section: feed.section.name, key, problem });
  }
  for (const [at, one] of named.entries()) {
    for (const other of named.slice(0, at)) if (await isShared(one, other)) issues.push(sharedBy(one, other));
  }
  return issues;
}

/** Paths, and whatever the package reserves for one feed. */
function namedBy(feed: PreparedFeed): readonly Named[] {
  const values = feed.config as Readonly<Record<string, unknown>>;
  return Object.entries(feed.definition.config.shape ?? {}).flatMap(([key, type]) => {
    const { facts } = viewField(type as z.core.$ZodType);
    const value = values[key];
    if (value === undefined || (facts?.kind !== 'path' && facts?.ownPer === undefined)) return [];
    return [{ feed, key, value, ...(facts.ownPer === undefined ? {} : { ownPer: facts.ownPer }) }];
  });
}

async function isShared(one: Named, other: Named): Promise<boolean> {
  const { ownPer } = one;
  if (ownPer === undefined || one.key !== other.key || one.feed.definition !== other.feed.definition) return false;
  const [mine, theirs] = [one, other].map(({ feed }) => feed.config as Readonly<Record<string, unknown>>);
  if (!ownPer.every((key) => wordOf(mine?.[key]) === wordOf(theirs?.[key]))) return false;
  return (await placeOf(one.value)) === (await placeOf(other.value));
}

function sharedBy({ feed, key, ownPer = [] }: Named, other: Named): ConfigIssue {
  const also = ownPer.length === 0 ? '' : ` with the same ${ownPer.join(' and ')}`;
  const problem = `is that of [${other.feed.section.name}], too${also}; give each feed its own, or take one of the two out of feed_names`;
  return { section: feed.section.name, key, problem };
}

function wordOf(value: unknown): string {
  return JSON.stringify(value)?.toLowerCase() ?? '';
}

function placeOf(value: unknown): Promise<string> {
  return typeof value === 'string' ? identityOf(value) : Promise.resolve(wordOf(value));
}

/** Device and inode of an existing file; otherwise the place where it would be created. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    const folder = dirname(path);
    const place = await realpath(folder).catch(() => (folder === path ? path : identityOf(folder)));
    const end = join(place, basename(path));
    const next = await readlink(end).catch(() => undefined);
    return next === undefined ? end : resolve(place, next);
  }
}
