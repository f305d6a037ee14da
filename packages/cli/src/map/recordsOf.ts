import type { RecordFilter, TargetRecord } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import { UsageError } from '../UsageError.js';

export interface MappedRecord extends TargetRecord {
  readonly feed: string;
}

/** The records of all feeds that have a mapping, feed by feed. Throws `UsageError` if none has one. */
export async function* recordsOf({ feeds }: Inspection, filter: RecordFilter): AsyncGenerator<MappedRecord> {
  const [first] = feeds.filter(({ insight }) => insight === undefined);
  if (first !== undefined && feeds.every(({ insight }) => insight === undefined)) throw withoutMapping(first);
  for (const { name, insight } of feeds)
    for await (const record of insight?.records(filter) ?? []) yield { feed: name, ...record };
}

function withoutMapping({ name, type }: Inspection['feeds'][number]): UsageError {
  return new UsageError(`Feed ${name} has no mapping: its target (class=${type}) remembers no counterparts.`);
}
