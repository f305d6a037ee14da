import { keyText } from '@soar-feed/core';
import type { FeedStore, ParkedRaw } from '@soar-feed/core';
import { retryIsDecision, selectRaw, selectRows } from '@soar-feed/core/runtime';
import type { ListedRow, ParkedSelection } from '@soar-feed/core/runtime';
import type { Choice, ParkedCause, ParkedLine, ParkedRows, Remedy } from '@soar-feed/page';
import { groupParked, whyText } from '../output/parkedGroups.js';
import type { ParkedGroup } from '../output/parkedGroups.js';

/** Rows of one cause that a view shows. */
const SHOWN = 200;

/** The parked rows by cause, the oldest first, with what can be done about each. Throws `StoreError`. */
export async function causesOf(store: FeedStore): Promise<readonly ParkedCause[]> {
  const groups = await groupParked(selectRows(store, {}), selectRaw(store, {}));
  return groups.map((group) => ({ ...group, remedy: remedyOf(choiceOf(group), dropsOf(group, groups)) }));
}

function choiceOf({ feed, state, code }: Pick<ParkedGroup, 'feed' | 'state' | 'code'>): Choice {
  return { ...(feed === undefined ? {} : { feed }), state, ...(code === undefined ? {} : { code }) };
}

/** With a row go those that wait for it. A choice of all waiting rows takes those that are counted elsewhere, too. */
function dropsOf({ feed, state, rows, waitingBehind }: ParkedGroup, groups: readonly ParkedGroup[]): number {
  if (state !== 'waiting') return rows + waitingBehind;
  const behind = groups.filter((group) => group.feed === feed).reduce((sum, group) => sum + group.waitingBehind, 0);
  return rows + behind;
}

/** What is in line comes back by itself: it is left alone. */
function remedyOf(choice: Choice, drops: number): Remedy {
  if (choice.state === 'deferred' || choice.state === 'resync') return { choice, retry: 'none', drops: 0 };
  return { choice, retry: retryIsDecision(choice) ? 'decision' : 'plain', drops };
}

/** The rows of one cause, the oldest place first. Throws `StoreError`. */
export async function rowsOf(store: FeedStore, cause: ParkedRows['cause']): Promise<ParkedRows> {
  const selection: ParkedSelection = choiceOf(cause);
  const lines: ParkedLine[] = [];
  for await (const row of selectRows(store, selection)) if (lines.push(lineOf(row)) > SHOWN) break;
  if (lines.length <= SHOWN)
    for await (const raw of selectRaw(store, selection)) if (lines.push(rawLine(raw)) > SHOWN) break;
  return { cause, lines: lines.slice(0, SHOWN), more: lines.length > SHOWN };
}

function lineOf({ feed, key, why, parkedAtMs }: ListedRow): ParkedLine {
  const { type, objectId, incidentId } = key;
  const code = why.state === 'failed' ? { code: why.code } : {};
  return {
    ...{ row: keyText(key), object: { type, id: objectId, incidentId }, parkedAtMs, why: whyText(why) },
    remedy: remedyOf({ feed, state: why.state, ...code, type, incidentId, objectId }, 1),
  };
}

function rawLine({ message: { messageId }, problem, parkedAtMs }: ParkedRaw): ParkedLine {
  return { row: messageId, parkedAtMs, why: problem, remedy: remedyOf({ state: 'raw', messageId }, 1) };
}
