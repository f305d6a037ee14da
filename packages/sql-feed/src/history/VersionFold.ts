import { createHash } from 'node:crypto';
import type { FeedEvent } from '@soar-feed/core';
import type { Bound } from '../dialects/Dialect.js';
import type { Operation } from './versionColumns.js';
import { versionTime } from './versionTime.js';

/** By column of the history. */
export type Values = ReadonlyMap<string, Bound>;

/** The newest version of an object that is known. */
export interface LastVersion {
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number | null;
  /** When the source was seen so. */
  readonly seen: number;
  readonly digest: number;
  readonly operation: Operation;
  /** Those that a later row may lack. */
  readonly values: Values;
}

/** A version to write. */
export interface NewVersion extends LastVersion {
  readonly id: number;
  readonly endedBy: 'updated' | null;
  readonly event: FeedEvent;
}

/** What an event made of the current row. */
export interface NewRow {
  readonly event: FeedEvent;
  /** Those that the event has; the row keeps the others. */
  readonly values: Values;
  /** Whether the object was new to the feed, or deleted before. */
  readonly created: boolean;
  /** Whether the row outlasts its delete, with its values. */
  readonly marked: boolean;
}

/**
 * The versions that rows make, one after the other. After each row, the newest version is open and equal to the current row.
 * A row that changes nothing makes no version; one that is dated where the version before it begins takes its place, so a
 * batch that comes again ends with the versions that it made before.
 */
export class VersionFold {
  private readonly made = new Map<string, NewVersion>();
  private readonly ended = new Map<string, { readonly id: number; readonly from: number; readonly to: number }>();

  constructor(private readonly last: Map<number, LastVersion>) {}

  /** New versions, and stored ones that take a new form. */
  get versions(): readonly NewVersion[] {
    return [...this.made.values()];
  }

  /** Stored versions that end. */
  get ends(): readonly { readonly id: number; readonly from: number; readonly to: number }[] {
    return [...this.ended.values()];
  }

  add({ event, values, created, marked }: NewRow): void {
    const id = event.key.objectId;
    const last = this.last.get(id);
    const kept = last !== undefined && (last.to === null || marked) ? last.values : [];
    const whole: Values = new Map([...kept, ...values]);
    const digest = digestOf(whole);
    if (last?.to === null && last.digest === digest) return;
    const from = versionTime(event, last);
    const inPlace = last?.from === from;
    if (last?.to === null && !inPlace) this.end(id, last, from);
    const operation = inPlace ? last.operation : operationOf(event, created, last);
    const seen = event.observedAtMs;
    const version = { id, from, to: null, seen, digest, operation, values: whole, endedBy: null, event };
    this.made.set(`${id} ${from}`, version);
    this.last.set(id, version);
  }

  private end(id: number, { from }: LastVersion, to: number): void {
    const key = `${id} ${from}`;
    const mine = this.made.get(key);
    if (mine === undefined) this.ended.set(key, { id, from, to });
    else this.made.set(key, { ...mine, to, endedBy: 'updated' });
  }
}

function operationOf(event: FeedEvent, created: boolean, last: LastVersion | undefined): Operation {
  if (last === undefined) return created && event.origin === 'queue' ? 'created' : 'loaded';
  return event.restored === true || last.to !== null ? 'restored' : 'updated';
}

/** 52 bits, which every engine and driver holds exactly. A column without a value does not count, so new ones change nothing. */
export function digestOf(values: Values): number {
  const hash = createHash('sha256');
  for (const name of [...values.keys()].sort()) {
    const value = values.get(name);
    if (value === undefined || value === null) continue;
    const text = String(value);
    hash.update(`${name}\0${text.length}\0${text}\0`);
  }
  return Number.parseInt(hash.digest('hex').slice(0, 13), 16);
}
