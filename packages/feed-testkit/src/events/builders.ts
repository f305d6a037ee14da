import { Readable } from 'node:stream';
import type { ContentHandle, FeedEvent } from '@soar-feed/core';
import { buildEvent, OBSERVED_AT_MS } from './buildEvent.js';
import { deepFreeze } from './deepFreeze.js';
import type { EventOptions } from './EventOptions.js';
import { schemas } from './schemas.js';

export interface AttachmentOptions extends EventOptions {
  /** A fresh stream per call. */
  readonly open?: ContentHandle['open'];
}

/** A new or changed incident; `vers` is 1 unless the payload says so. */
export function anIncident(options: EventOptions = {}): FeedEvent {
  const payload = {
    name: 'Suspicious login',
    description: { format: 'html', content: 'Seen <b>twice</b>.' },
    discovered_date: OBSERVED_AT_MS - 3_600_000,
    severity_code: 51,
    plan_status: 'A',
    properties: { ticket: null },
    vers: 1,
  };
  return buildEvent(schemas.incident, 2100, payload, options);
}

export function aTask(options: EventOptions = {}): FeedEvent {
  return buildEvent(
    schemas.task,
    310,
    { name: 'Initial triage', status: 'O', inc_id: options.incidentId ?? 2100 },
    options,
  );
}

/** A note of the incident, or of a task or another note (a reply) if `parent` names one. */
export function aNote(options: EventOptions = {}): FeedEvent {
  const { parent, observedAtMs = OBSERVED_AT_MS } = options;
  const payload = {
    text: { format: 'text', content: 'Called the user.' },
    modify_date: observedAtMs,
    parent_id: parent?.type === 'note' ? parent.objectId : null,
    ...(parent?.type === 'task' ? { task_id: parent.objectId } : {}),
  };
  return buildEvent(schemas.note, 420, payload, options);
}

export function anArtifact(options: EventOptions = {}): FeedEvent {
  const payload = { type: 1, value: '192.0.2.1', last_modified_time: options.observedAtMs ?? OBSERVED_AT_MS };
  return buildEvent(schemas.artifact, 530, payload, options);
}

/** A file of the incident, or of a task if `parent` names one; its bytes are `Hello` unless `open` returns others. */
export function anAttachment(options: AttachmentOptions = {}): FeedEvent {
  const { parent, open = async () => Readable.from([Buffer.from('Hello')]) } = options;
  const payload = {
    name: 'mail.eml',
    content_type: 'message/rfc822',
    size: 5,
    ...(parent?.type === 'task' ? { task_id: parent.objectId } : {}),
  };
  const event = buildEvent(schemas.attachment, 750, payload, options);
  const { name, content_type, size } = { ...payload, ...options.payload };
  return deepFreeze({ ...event, content: { name, contentType: content_type, size, open } });
}

/** A row of the data table `hosts`; `version` is 1 unless the payload says so. */
export function aRow(options: EventOptions = {}): FeedEvent {
  const cells = { host_name: { row_id: options.objectId ?? 640, id: 'host_name', value: 'web-1' } };
  return buildEvent(schemas.row, 640, { cells, version: 1 }, options);
}

/** The delete of an object, one second after its snapshot unless `observedAtMs` says otherwise. */
export function aDelete(of: FeedEvent, options: Pick<EventOptions, 'observedAtMs' | 'origin'> = {}): FeedEvent {
  const { observedAtMs = of.observedAtMs + 1_000, origin = of.origin } = options;
  const { content: _content, ...snapshot } = of;
  return deepFreeze({
    ...snapshot,
    id: `${of.key.type}-${of.key.objectId}-${observedAtMs}-delete`,
    origin,
    operation: 'delete',
    observedAtMs,
    payload: { id: of.key.objectId },
  });
}
