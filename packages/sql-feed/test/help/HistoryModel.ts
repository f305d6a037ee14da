import type { DeliveryOutcome, FeedEvent } from '@soar-feed/core';

interface Entry {
  readonly at: number;
  /** Null: deleted. */
  readonly state: string | null;
  /** All that has a column. */
  readonly whole?: string;
}

/** What was true when, as a plain log of states per object: no intervals, no digests, no SQL. */
export class HistoryModel {
  private readonly logs = new Map<string, { readonly event: FeedEvent; readonly entries: Entry[] }>();

  /** Takes what the current tables took. */
  take(event: FeedEvent, outcome: DeliveryOutcome): void {
    if (outcome.status === 'skipped') return;
    if (event.operation === 'delete') this.delete(event);
    else if (outcome.status === 'delivered' && outcome.change !== 'unchanged') this.write(event);
  }

  stateAt(type: string, id: number, at: number): string | null {
    const entries = this.logs.get(`${type} ${id}`)?.entries ?? [];
    return entries.filter((entry) => entry.at <= at).at(-1)?.state ?? null;
  }

  get objects(): readonly { readonly type: string; readonly id: number }[] {
    return [...this.logs.values()].map(({ event }) => ({ type: event.key.type, id: event.key.objectId }));
  }

  /** Every moment at which something changed, and those beside it. */
  get moments(): readonly number[] {
    const times = [...this.logs.values()].flatMap(({ entries }) => entries.map(({ at }) => at));
    return [...new Set(times.flatMap((at) => [at - 1, at, at + 1]))];
  }

  private write(event: FeedEvent): void {
    const key = `${event.key.type} ${event.key.objectId}`;
    const log = this.logs.get(key) ?? { event, entries: [] };
    this.logs.set(key, { event, entries: log.entries });
    const state = stateOf(event);
    const last = log.entries.at(-1);
    const whole = JSON.stringify({ ...event.payload, vers: undefined });
    if (last?.whole === whole) return;
    const own =
      event.restored === true
        ? undefined
        : (event.payload['inc_last_modified_date'] ?? event.payload['last_modified_time']);
    const isOwn = typeof own === 'number' && (last === undefined || own > last.at);
    const at = Math.max(
      isOwn ? Math.min(own, Math.max(event.observedAtMs, last?.at ?? 0)) : event.observedAtMs,
      last?.at ?? 0,
    );
    log.entries.push({ at, state, whole });
  }

  private delete(event: FeedEvent): void {
    for (const { event: other, entries } of this.logs.values()) {
      const goes =
        event.key.type === 'incident'
          ? other.key.incidentId === event.key.incidentId
          : other.key.type === event.key.type && other.key.objectId === event.key.objectId;
      const last = entries.at(-1);
      if (goes && last !== undefined && last.state !== null)
        entries.push({ at: Math.max(last.at, event.observedAtMs), state: null });
    }
  }
}

/** What the tests change of an object. */
export function stateOf({ payload }: Pick<FeedEvent, 'payload'>): string {
  return `${String(payload['name'])} ${payload['plan_status'] === 'C' || payload['status'] === 'C' ? 'Closed' : 'open'}`;
}
