import { keyText, parseJson, writeJson } from '@soar-feed/core';
import type { FeedEvent, ObjectKey, ParkedEvent, ParkReason, SoarObject, Snapshot, Stamp } from '@soar-feed/core';
import { snapshotOf, taskIdOf } from '@soar-feed/core';

/** A row of `soar_feed_parked`. `pg` gives bigint as text. Texts that people wrote are stored as JSON: see `toJson`. */
export interface ParkedRow {
  readonly feed: string;
  readonly object_key: string;
  /** Null on a wish for a resync, and on rows from before the log of outcomes. */
  readonly event_id: string | null;
  readonly org_id: number | string;
  readonly incident_id: number | string;
  readonly object_type: string;
  readonly object_id: number | string;
  readonly task_id: number | string | null;
  readonly parent: string | null;
  readonly operation: 'upsert' | 'delete';
  readonly workspace: string;
  readonly observed_at: number | string;
  readonly stamp_kind: Stamp['kind'];
  readonly stamp_value: number;
  readonly state: ParkReason['state'];
  readonly waiting_on: string | null;
  readonly code: string | null;
  readonly why: string;
  readonly revision: number | string;
  readonly place: number | string;
  readonly parked_at: number | string;
  readonly payload: string | null;
}

/** All columns except its position and age, which stay when a newer snapshot replaces the rest. */
export function toRow(
  feed: string,
  event: FeedEvent,
  why: ParkReason,
  keep: { readonly revision: number; readonly maxPayloadBytes: number },
): Omit<ParkedRow, 'place' | 'parked_at'> {
  const { key, parent } = event;
  const { stamp } = snapshotOf(event);
  const payload = toJson(event.payload);
  return {
    feed,
    object_key: keyText(key),
    event_id: event.id,
    org_id: key.orgId,
    incident_id: key.incidentId,
    object_type: key.type,
    object_id: key.objectId,
    task_id: taskIdOf(event) ?? null,
    parent: parent === undefined ? null : toJson(parent),
    operation: event.operation,
    workspace: toJson(event.workspace),
    observed_at: event.observedAtMs,
    stamp_kind: stamp.kind,
    stamp_value: stamp.value,
    ...toWhy(why),
    revision: keep.revision,
    payload: Buffer.byteLength(payload) > keep.maxPayloadBytes ? null : payload,
  };
}

export function toWhy(why: ParkReason): Pick<ParkedRow, 'state' | 'waiting_on' | 'code' | 'why'> {
  return {
    state: why.state,
    waiting_on: why.state === 'waiting' ? keyText(why.on) : null,
    code: why.state === 'failed' ? why.code : null,
    why: toJson(why),
  };
}

export function toParked(row: ParkedRow): ParkedEvent {
  return { ...toListed(row), ...(row.payload === null ? {} : { payload: parseJson(row.payload) as SoarObject }) };
}

export function toListed(row: Omit<ParkedRow, 'payload'>): Omit<ParkedEvent, 'payload'> {
  return {
    feed: row.feed,
    key: keyOf(row),
    ...(row.event_id === null ? {} : { eventId: row.event_id }),
    ...(row.parent === null ? {} : { parent: parseJson(row.parent) as ObjectKey }),
    ...(row.task_id === null ? {} : { taskId: Number(row.task_id) }),
    operation: row.operation,
    workspace: parseJson(row.workspace) as string,
    observedAtMs: Number(row.observed_at),
    why: parseJson(row.why) as ParkReason,
    revision: Number(row.revision),
    place: Number(row.place),
    parkedAtMs: Number(row.parked_at),
  };
}

export function keyOf(row: Pick<ParkedRow, 'org_id' | 'incident_id' | 'object_type' | 'object_id'>): ObjectKey {
  return {
    orgId: Number(row.org_id),
    incidentId: Number(row.incident_id),
    type: row.object_type,
    objectId: Number(row.object_id),
  };
}

export function snapshotOfRow(
  row: Pick<ParkedRow, 'operation' | 'stamp_kind' | 'stamp_value' | 'observed_at'>,
): Snapshot {
  return {
    operation: row.operation,
    stamp: { kind: row.stamp_kind, value: row.stamp_value },
    observedAtMs: Number(row.observed_at),
  };
}

/** JSON escapes lone surrogates and NUL; unescaped, SQLite would change the former and PostgreSQL refuse both. */
export function toJson(value: unknown): string {
  return writeJson(value);
}
