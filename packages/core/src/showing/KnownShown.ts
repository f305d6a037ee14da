import type { SoarObject } from '../contract/FeedEvent.js';
import type { ShownNames } from '../contract/shownFields.js';
import type { Shown } from './ShownFeed.js';

/** Of so many incidents. */
const KEPT = 50_000;

/** The fields of all feeds as one incident has them, by name. */
export type ShownValues = ReadonlyMap<string, unknown>;

/** What incidents show, as far as the source's objects and our own writes have told. */
export class KnownShown {
  private readonly values = new Map<number, ShownValues>();
  private readonly names: readonly string[];

  constructor(feeds: readonly { readonly names: ShownNames }[]) {
    this.names = feeds.flatMap(({ names }) => [names.link, names.state, names.synced]);
  }

  of(incidentId: number): ShownValues | undefined {
    return this.values.get(incidentId);
  }

  forget(incidentId: number): void {
    this.values.delete(incidentId);
  }

  /** Reads them from an incident's `properties`. */
  learn(incidentId: number, properties: SoarObject): ShownValues {
    const values = new Map(this.names.map((name) => [name, properties[name] ?? null]));
    this.values.delete(incidentId);
    this.values.set(incidentId, values);
    const [oldest] = this.values.keys();
    if (this.values.size > KEPT && oldest !== undefined) this.values.delete(oldest);
    return values;
  }
}

/** What one feed shows. */
export function shownOf({ link, state, synced }: ShownNames, values: ShownValues): Shown {
  const text = (name: string): string | null => {
    const value = values.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const date = values.get(synced);
  return { link: text(link), state: text(state), synced: typeof date === 'number' ? date : null };
}
