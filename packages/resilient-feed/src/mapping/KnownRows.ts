import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { typesBeside } from '../fields/emailTypes.js';
import type { Mapping } from './Mapping.js';

interface Incident {
  /** By `keyText`. Every change waits for the changes before it. */
  rows: Promise<Map<string, Mapping>>;
  weight: number;
  /** Running commits of rows that the database does not have yet. */
  readonly commits: Set<Promise<void>>;
}

/** Weight of a row without its digests, and of an incident without its rows: some hundred bytes. */
const BASE_WEIGHT = 10;
/**
 * Weight of all incidents that are kept: about 10 MB, with some fifty bytes for a digest; some hundred incidents. One that is not
 * kept costs one query, whatever the size of the mapping.
 */
const MAX_WEIGHT = 150_000;

/**
 * Cache of the incidents that were used last, each with all of its rows. The lease makes this process the only writer.
 * A row is visible while its commit is still running. An incident whose commit failed is read again.
 */
export class KnownRows {
  private readonly incidents = new Map<string, Incident>();
  /** Rows whose commit is running, by `keyText`. */
  private readonly underWay = new Map<string, Mapping>();
  private weight = 0;

  constructor(
    private readonly load: (incident: ObjectKey) => Promise<Map<string, Mapping>>,
    private readonly maxWeight = MAX_WEIGHT,
  ) {}

  /** Every row of the incident that `key` belongs to. */
  async of(key: ObjectKey): Promise<ReadonlyMap<string, Mapping>> {
    return this.incident(key).rows;
  }

  /** Rows whose commit is running, of what is of one type in one incident of the target. */
  committing(targetIncidentId: number, type: string): readonly Mapping[] {
    const types = typesBeside(type);
    return [...this.underWay.values()].filter(
      ({ source, target }) => types.includes(source.type) && target?.incidentId === targetIncidentId,
    );
  }

  /** Shows the row at once. If `commit` rejects, the incident is read again. */
  async put(mapping: Mapping, commit: Promise<void>): Promise<void> {
    const name = keyText(mapping.source);
    this.underWay.set(name, mapping);
    const incident = this.incident(mapping.source);
    incident.commits.add(commit);
    incident.rows = incident.rows.then((rows) => this.add(incident, rows, mapping));
    // The next reader gets the error of a database that cannot be read.
    incident.rows.catch(() => undefined);
    try {
      await commit;
    } catch (error) {
      if (this.incidents.get(nameOf(mapping.source)) === incident) this.forget(mapping.source);
      throw error;
    } finally {
      incident.commits.delete(commit);
      if (this.underWay.get(name) === mapping) this.underWay.delete(name);
    }
  }

  /** Rows of the incident were changed in another way: they must be read again. */
  forget(key: ObjectKey): void {
    const incident = this.incidents.get(nameOf(key));
    if (incident === undefined) return;
    this.drop(key);
    // The database shows the truth only when all running commits of the incident have ended.
    const settled = incident.commits.size > 0 ? Promise.allSettled(incident.commits) : undefined;
    if (settled !== undefined) {
      this.read(
        key,
        settled.then(() => this.load(key)),
      );
    }
  }

  clear(): void {
    this.incidents.clear();
    this.underWay.clear();
    this.weight = 0;
  }

  private incident(key: ObjectKey): Incident {
    const name = nameOf(key);
    const known = this.incidents.get(name);
    if (known === undefined) return this.read(key, this.load(key));
    // Moves it to the end: the last entry is the one that was used last.
    this.incidents.delete(name);
    this.incidents.set(name, known);
    return known;
  }

  private read(key: ObjectKey, rows: Incident['rows']): Incident {
    const name = nameOf(key);
    const incident: Incident = { rows, weight: 0, commits: new Set() };
    this.incidents.set(name, incident);
    // An incident without rows counts, too: it is one that is not fed.
    this.count(name, incident, BASE_WEIGHT);
    rows.then(
      (found) => this.count(name, incident, sum([...found.values()].map(weightOf))),
      () => {
        if (this.incidents.get(name) === incident) this.drop(key);
      },
    );
    return incident;
  }

  private drop(key: ObjectKey): void {
    const name = nameOf(key);
    this.weight -= this.incidents.get(name)?.weight ?? 0;
    this.incidents.delete(name);
  }

  private add(incident: Incident, rows: Map<string, Mapping>, mapping: Mapping): Map<string, Mapping> {
    const text = keyText(mapping.source);
    const before = rows.get(text);
    rows.set(text, mapping);
    const more = weightOf(mapping) - (before === undefined ? 0 : weightOf(before));
    this.count(nameOf(mapping.source), incident, more);
    return rows;
  }

  private count(name: string, incident: Incident, more: number): void {
    if (this.incidents.get(name) !== incident) return;
    incident.weight += more;
    this.weight += more;
    for (const [oldest, { weight, commits }] of this.incidents) {
      if (this.weight <= this.maxWeight) return;
      if (commits.size > 0 || oldest === name) continue;
      this.weight -= weight;
      this.incidents.delete(oldest);
    }
  }
}

function weightOf({ digests }: Mapping): number {
  return BASE_WEIGHT + Object.keys(digests).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function nameOf({ orgId, incidentId }: ObjectKey): string {
  return `${orgId}/${incidentId}`;
}
