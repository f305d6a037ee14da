import { keyText } from '@soar-feed/core';
import type { ParkedRaw, ParkReason, ParkState } from '@soar-feed/core';
import type { ListedRow } from '@soar-feed/core/runtime';
import { ageText } from './age.js';
import { table } from './table.js';

/** The rows that are parked for one cause. */
export interface ParkedGroup {
  /** Absent for raw messages, which belong to no feed. */
  readonly feed?: string;
  readonly state: ParkState;
  /** Of failed rows, and of raw messages. */
  readonly code?: string;
  rows: number;
  /** Rows that wait for one of these; counted only here. */
  waitingBehind: number;
  readonly oldest: { readonly row: string; readonly parkedAtMs: number; readonly why: string };
}

/** Counts by cause, the oldest first. A row that waits for another parked row is counted with the cause of that row. */
export async function groupParked(
  rows: AsyncIterable<ListedRow>,
  raws: AsyncIterable<ParkedRaw>,
): Promise<readonly ParkedGroup[]> {
  const groups = new Groups();
  const waiting: ListedRow[] = [];
  const parents = new Map<string, ParkedGroup | ListedRow>();
  for await (const row of rows) {
    if (row.why.state === 'waiting') waiting.push(row);
    parents.set(nameOf(row.feed, row), row.why.state === 'waiting' ? row : groups.count(row));
  }
  for (const row of waiting) {
    const cause = causeOf(row, parents);
    if (cause === undefined) groups.count(row);
    else cause.waitingBehind += 1;
  }
  for await (const raw of raws) groups.countRaw(raw);
  return groups.oldestFirst();
}

/** Follows parked parents upwards; a parent never waits for its own child. */
function causeOf(row: ListedRow, parents: ReadonlyMap<string, ParkedGroup | ListedRow>): ParkedGroup | undefined {
  const { why, feed } = row;
  const parent = why.state === 'waiting' ? parents.get(nameOf(feed, { key: why.on })) : undefined;
  return parent !== undefined && 'key' in parent ? causeOf(parent, parents) : parent;
}

class Groups {
  private readonly groups = new Map<string, ParkedGroup>();

  count({ feed, key, why, parkedAtMs }: ListedRow): ParkedGroup {
    const code = why.state === 'failed' ? { code: why.code } : {};
    return this.add({ feed, state: why.state, ...code }, { row: keyText(key), parkedAtMs, why: whyText(why) });
  }

  countRaw({ message, code, problem, parkedAtMs }: ParkedRaw): void {
    this.add({ state: 'raw', code }, { row: message.messageId, parkedAtMs, why: problem });
  }

  oldestFirst(): readonly ParkedGroup[] {
    return [...this.groups.values()].sort((a, b) => a.oldest.parkedAtMs - b.oldest.parkedAtMs);
  }

  private add(of: Pick<ParkedGroup, 'feed' | 'state' | 'code'>, row: ParkedGroup['oldest']): ParkedGroup {
    const name = JSON.stringify([of.feed, of.state, of.code]);
    const group = this.groups.get(name) ?? { ...of, rows: 0, waitingBehind: 0, oldest: row };
    const oldest = row.parkedAtMs < group.oldest.parkedAtMs ? row : group.oldest;
    const counted = Object.assign(group, { rows: group.rows + 1, oldest });
    this.groups.set(name, counted);
    return counted;
  }
}

function nameOf(feed: string, { key }: Pick<ListedRow, 'key'>): string {
  return JSON.stringify([feed, keyText(key)]);
}

export function whyText(why: ParkReason): string {
  switch (why.state) {
    case 'waiting':
      return `waits for ${why.on.type} ${why.on.objectId}`;
    case 'deferred':
      return 'in line: the feed lags or is down, or somebody asked for a retry';
    case 'failed':
      return `${why.message} (failed after ${why.attempts} ${why.attempts === 1 ? 'attempt' : 'attempts'})`;
    case 'undecided':
      return why.message;
    case 'resync':
      return 'the whole incident must be loaded';
  }
}

/** The groups for people. */
export function groupsText(groups: readonly ParkedGroup[], nowMs: number, width: number): string {
  if (groups.length === 0) return 'Nothing is parked.\n';
  const rows = groups.map(({ feed = '-', state, code = '-', rows: count, waitingBehind, oldest }) => [
    ...[feed, state, code, count, waitingBehind, ageText(nowMs - oldest.parkedAtMs)],
  ]);
  const whys = groups.map(({ oldest }) => `${oldest.row}: ${oldest.why}\n`);
  const headings = ['feed', 'state', 'code', 'rows', 'behind', 'oldest'];
  return `${table(headings, rows, width)}\nThe oldest of each:\n${whys.join('')}`;
}
