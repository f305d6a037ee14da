import { DecodeError } from '../../contract/errors.js';
import type { FeedEvent, SoarObject } from '../../contract/FeedEvent.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { workspaceOf } from '../../shape/workspaceOf.js';
import type { EventFactory } from '../../source/EventFactory.js';
import type { ReadObject, WantedTypes } from '../../source/incidents/incidentParts.js';

export interface IncidentReading {
  /** Names the run in the events' ids. */
  readonly runId: string;
  readonly incident: SoarObject & { readonly id: number };
  readonly schema: TypeSchema;
  readonly objects: readonly ReadObject[];
  readonly wants: WantedTypes;
  /** When the incident was requested; ms, source clock. */
  readonly requestedAtMs: number;
  /** The objects show no older state of the source than this (ms, source clock): the search index lags behind the database. */
  readonly objectsAsOfMs: number;
  /** Hears of an object that cannot be fed because its id is not valid. */
  readonly onOdd: (problem: string) => void;
}

export interface ReloadEvent {
  readonly event: FeedEvent;
  /** `false`: the second event of a closed incident, whose first one was counted. */
  readonly countsAsObject: boolean;
}

/**
 * One incident's events in the order in which a target can write them: the incident, its objects, and a closed incident once
 * more, so that it is closed last. Throws `DecodeError` if the incident's own id is not valid.
 */
export function incidentEvents(events: EventFactory, reading: IncidentReading): readonly ReloadEvent[] {
  const { incident, schema, wants, runId } = reading;
  const facts = {
    origin: 'reload' as const,
    operation: 'upsert' as const,
    incidentId: incident.id,
    workspace: workspaceOf(incident, schema),
    observedAtMs: reading.requestedAtMs,
  };
  const { objectsAsOfMs: observedAtMs } = reading;
  const own = { ...facts, schema, payload: incident, objectId: incident.id };
  const below = reading.objects.flatMap(({ schema: type, payload }): readonly ReloadEvent[] => {
    const id = `${runId}:${type.name}:${String(payload.id)}`;
    const made = { ...facts, observedAtMs, id, schema: type, payload, objectId: payload.id as number };
    try {
      return [{ event: events.make(made), countsAsObject: true }];
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      reading.onOdd(error.message);
      return [];
    }
  });
  if (!wants('incident')) return below;
  const first = events.make({ ...own, id: `${runId}:incident:${incident.id}`, followedByObjects: true });
  const closing =
    incident.plan_status === 'C'
      ? [{ event: events.make({ ...own, id: `${runId}:close:${incident.id}` }), countsAsObject: false }]
      : [];
  return [{ event: first, countsAsObject: true }, ...below, ...closing];
}
