import { flatten, pythonJson } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { KafkaMessage } from '../client/KafkaPort.js';
import { OWN_VERSION } from './ownVersion.js';

export interface MessageOptions {
  /** A delete has no value. */
  readonly isTombstone: boolean;
  /** The bytes of a file, as base64; absent: the value has no `content`. */
  readonly content?: string;
}

/**
 * The message for an event. Value and the headers `action` and `type` are IBM's: the flat object with `inc_id` and `id`
 * as Python writes JSON. IBM sends no key, so that an object's messages have no order and a topic cannot be compacted;
 * here each object has its own key, and the incident decides the partition.
 */
export function messageOf(event: FeedEvent, topic: string, options: MessageOptions): KafkaMessage {
  const { key, operation } = event;
  const isNull = operation === 'delete' && options.isTombstone;
  return {
    topic,
    key: Buffer.from(`${key.orgId}/${key.type}/${key.objectId}`),
    value: isNull ? null : Buffer.from(pythonJson(rowOf(event, options.content))),
    headers: headersOf(event),
    partitionBy: String(key.incidentId),
  };
}

function rowOf(event: FeedEvent, content: string | undefined): Readonly<Record<string, unknown>> {
  const row = flatten(event);
  return content === undefined ? row : { ...row, content };
}

function headersOf({ operation, key, workspace, observedAtMs }: FeedEvent): Readonly<Record<string, Buffer>> {
  return {
    action: Buffer.from(operation),
    type: Buffer.from(key.type),
    org: Buffer.from(String(key.orgId)),
    inc_id: Buffer.from(String(key.incidentId)),
    workspace: Buffer.from(workspace),
    observed_at: Buffer.from(new Date(observedAtMs).toISOString()),
    'soar-feed-version': VERSION,
  };
}

const VERSION = Buffer.from(OWN_VERSION);

/** Bytes that Kafka adds to a message, and to each header: lengths, offsets, times. */
const MESSAGE_OVERHEAD = 100;
const HEADER_OVERHEAD = 10;

/** How much of a request the message takes at most, before compression. */
export function sizeOf({ key, value, headers }: KafkaMessage): number {
  const ofHeaders = Object.entries(headers).reduce(
    (sum, [name, { length }]) => sum + Buffer.byteLength(name) + length + HEADER_OVERHEAD,
    0,
  );
  return MESSAGE_OVERHEAD + key.length + (value?.length ?? 0) + ofHeaders;
}
