import type { AppliedObject } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import { EMAIL_TYPE } from '../../contract/TypeSchema.js';
import { isIncident, keyText } from '../../contract/ObjectKey.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { Feed } from '../../delivery/Feed.js';
import type { IncidentSource } from '../../source/incidents/IncidentSource.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { WantedTypes } from '../../source/incidents/incidentParts.js';
import type { GoneObject } from './RunRecord.js';

/** What was seen when one stretch of incidents was read. */
export interface Shown {
  /** Inclusive. */
  readonly fromId: number;
  /** Inclusive; `Infinity` after the last incident. */
  readonly toId: number;
  /** Incidents that exist. */
  readonly incidents: ReadonlySet<number>;
  /** Incidents that could not be read completely: nothing is concluded about them. */
  readonly unread: ReadonlySet<number>;
  /** Objects that exist, by `keyText`; absent where the query API read only incidents. */
  readonly objects?: ReadonlySet<string>;
}

export interface ReconciliationServices {
  readonly feeds: readonly Feed[];
  readonly orgId: number;
  readonly source: IncidentSource;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

interface Known extends AppliedObject {
  readonly feeds: Set<string>;
}

/**
 * Finds deletions that sent no message: objects that feeds have and a complete read by the query API does not show. Each is
 * confirmed by its own request. Only a 404 counts, or an object of another incident that has its id now; after a 403 or an
 * error it is left alone.
 */
export class Reconciliation {
  private readonly found: Map<string, GoneObject>;

  /** `found`: what the interrupted run had found. */
  constructor(
    private readonly services: ReconciliationServices,
    private readonly wants: WantedTypes,
    private readonly allowed: number,
    found: readonly GoneObject[] = [],
  ) {
    this.found = new Map(found.map((object) => [keyText(object.key), object]));
  }

  /** For an incident that is gone, only the incident itself. */
  get gone(): readonly GoneObject[] {
    return [...this.found.values()];
  }

  /** More is gone than may be deleted: nothing will be deleted, and the search is over. */
  get tooMuch(): boolean {
    return this.found.size > this.allowed;
  }

  /** Compares a stretch that was read with what the feeds have. */
  async compare(shown: Shown): Promise<void> {
    if (this.tooMuch) return;
    for (const [incidentId, objects] of await this.missing(shown)) {
      if (shown.incidents.has(incidentId)) await this.confirmEach(objects);
      else await this.confirmIncident(incidentId, objects);
      if (this.tooMuch) return;
    }
  }

  /** Objects that feeds have and the read did not show, by incident. */
  private async missing(shown: Shown): Promise<ReadonlyMap<number, readonly Known[]>> {
    const { feeds, orgId } = this.services;
    const range = {
      orgId,
      minIncidentId: shown.fromId,
      ...(shown.toId === Infinity ? {} : { maxIncidentId: shown.toId }),
    };
    const missing = new Map<number, Map<string, Known>>();
    for (const feed of feeds) {
      for (const object of await feed.known(range)) {
        // Nothing but the search index shows e-mail messages, and it may lack some.
        if (object.key.type === EMAIL_TYPE && shown.incidents.has(object.key.incidentId)) continue;
        if (!this.wants(object.key.type) || !isMissing(object.key, shown)) continue;
        const ofIncident = missing.get(object.key.incidentId) ?? new Map<string, Known>();
        missing.set(object.key.incidentId, ofIncident);
        const text = keyText(object.key);
        const known = ofIncident.get(text);
        if (known === undefined) ofIncident.set(text, { ...object, feeds: new Set([feed.name]) });
        else known.feeds.add(feed.name);
      }
    }
    return new Map([...missing].map(([id, objects]) => [id, [...objects.values()]]));
  }

  /** A gone incident stands for everything in it. One that exists after all was created or became visible meanwhile. */
  private async confirmIncident(incidentId: number, objects: readonly Known[]): Promise<void> {
    const key: ObjectKey = { orgId: this.services.orgId, incidentId, type: 'incident', objectId: incidentId };
    if (!(await this.isGone(key))) return;
    const feeds = new Set(objects.flatMap((object) => [...object.feeds]));
    this.found.set(keyText(key), { key, feeds: [...feeds] });
  }

  private async confirmEach(objects: readonly Known[]): Promise<void> {
    for (const { key, taskId, feeds } of objects) {
      if (this.tooMuch) return;
      if (!(await this.isGone(key, taskId))) continue;
      this.found.set(keyText(key), { key, feeds: [...feeds], ...(taskId === undefined ? {} : { taskId }) });
    }
  }

  private async isGone(key: ObjectKey, taskId?: number): Promise<boolean> {
    const { source, log, signal } = this.services;
    const parent = taskId === undefined ? undefined : { ...key, type: 'task', objectId: taskId };
    try {
      return (await source.object(key, parent)) === undefined;
    } catch (error) {
      signal.throwIfAborted();
      log.warn(
        `Whether ${key.type} ${key.objectId} of incident ${key.incidentId} is deleted cannot be determined; it is left alone: ${messageOf(error)}`,
      );
      return false;
    }
  }
}

function isMissing(key: ObjectKey, { incidents, unread, objects }: Shown): boolean {
  if (unread.has(key.incidentId)) return false;
  if (!incidents.has(key.incidentId)) return true;
  return !isIncident(key) && objects !== undefined && !objects.has(keyText(key));
}
