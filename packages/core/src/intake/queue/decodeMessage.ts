import { parseJson } from '@soar-feed/soar-client';
import { DecodeError } from '../../contract/errors.js';
import type { FeedEvent, SoarObject } from '../../contract/FeedEvent.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { isDataTable } from '../../contract/TypeSchema.js';
import { mayBeOfTask } from '../../hierarchy/hierarchy.js';
import type { Types } from '../../source/patience/patientSource.js';
import { ownValue } from '../../shape/ownValue.js';
import { optionalPlatformId, platformId, shown } from '../../contract/platformId.js';
import { unknownFields, withMessageLabels } from '../../shape/withMessageLabels.js';
import { workspaceOf } from '../../shape/workspaceOf.js';
import type { EventFactory } from '../../source/EventFactory.js';
import { decodeSyncRequest } from './decodeSyncRequest.js';
import type { SyncRequest } from '../reload/SyncRequest.js';

export interface IncomingMessage {
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Size of the whole body in bytes, where `body` is only its beginning. */
  readonly cutFromBytes?: number;
}

export type Decoded =
  | {
      readonly kind: 'event';
      readonly event: FeedEvent;
      /** The message does not say whether it was a delete: ask the source. */
      readonly uncertain: boolean;
      /** The object existed before. */
      readonly modified: boolean;
      /** When the platform sent it, where the message says; ms, source clock. */
      readonly sentAtMs?: number;
    }
  | { readonly kind: 'sync'; readonly request: SyncRequest }
  /** Understood, and nothing for a feed. */
  | { readonly kind: 'ignored'; readonly reason: string; readonly isRoutine?: true };

export interface DecodeContext {
  readonly catalog: Types;
  readonly events: EventFactory;
  readonly now: () => number;
  /** Whether e-mail messages are fed. Default: they are ignored. */
  readonly emails?: boolean;
  /**
   * Set where the host writes into the source's incidents itself: looks at the incident of each message, and says whether
   * it only shows what we wrote.
   */
  readonly isOwnEcho?: (incident: SoarObject) => boolean;
}

/** `object_type` of e-mail messages, which need not belong to an incident (const `action_object_types`). */
const EMAIL_MESSAGE = 13;

/** Reads one action message (ActionDataDTO or FunctionDataDTO). Throws `DecodeError`: the message is parked raw then. */
export async function decodeMessage(message: IncomingMessage, context: DecodeContext): Promise<Decoded> {
  const kind = message.headers.Co3MessagePayload;
  if (kind === 'ConnectorSubscriptionUpdateDTO' || kind === 'RestAPIExecutionEventDTO') {
    return { kind: 'ignored', reason: `${kind} is not a change of an object` };
  }
  if (message.cutFromBytes !== undefined) {
    const what = `The message has ${message.cutFromBytes} bytes, more than max_message allows; only its beginning is kept.`;
    throw new DecodeError(what, { code: 'message-too-large' });
  }
  const body = parse(message.body);
  if (isRecord(body.function)) return decodeSyncRequest(body);
  return decodeAction(body, message, context);
}

function parse(text: string): SoarObject {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    throw new DecodeError(`The message body is not JSON (${text.length} characters).`, {
      code: 'message-not-json',
      cause: error,
    });
  }
  if (!isRecord(body))
    throw new DecodeError('The message body is JSON, but not an object.', { code: 'message-not-an-object' });
  return body;
}

async function decodeAction(body: SoarObject, message: IncomingMessage, context: DecodeContext): Promise<Decoded> {
  const { object_type: objectType, operation_type: operation } = body;
  // The incident's own type is number 0.
  if (typeof objectType !== 'number' || !Number.isSafeInteger(objectType)) {
    throw new DecodeError(`The message's object_type is ${shown(objectType)}, not a number.`, {
      code: 'message-without-object-type',
    });
  }
  if (objectType === EMAIL_MESSAGE && context.emails !== true)
    return { kind: 'ignored', reason: 'e-mail messages are not fed' };
  const known = await schemaOf(objectType, body, context.catalog);
  const payload = ownValue(body, isDataTable(known) ? 'row' : known.name);
  if (!isRecord(payload) || payload.id === undefined || payload.id === null) {
    throw new DecodeError(`The message about a ${known.name} does not hold the ${known.name}.`, {
      code: 'message-without-object',
    });
  }
  const incident = isRecord(body.incident) ? body.incident : undefined;
  const objectId = platformId(payload.id, `The id of the ${known.name}`);
  const named = known.name === 'incident' ? objectId : (payload.inc_id ?? incident?.id);
  if ((named === undefined || named === null) && objectType === EMAIL_MESSAGE)
    return { kind: 'ignored', reason: `e-mail message ${objectId} belongs to no incident`, isRoutine: true };
  if (named === undefined || named === null) {
    throw new DecodeError(`The message about ${known.name} ${objectId} does not name its incident.`, {
      code: 'message-without-incident',
    });
  }
  const isEcho = incident !== undefined && context.isOwnEcho?.(incident) === true;
  if (isEcho && known.name === 'incident' && operation === 'modified')
    return { kind: 'ignored', reason: 'it is about what the feed itself shows in the incident', isRoutine: true };
  const incidentId = platformId(named, `The incident id of ${known.name} ${objectId}`);
  optionalPlatformId(incident?.org_id, `The organization of ${known.name} ${objectId}`);
  const sentAtMs = timestampOf(message);
  const event = context.events.make({
    id: message.messageId,
    origin: 'queue',
    operation: operation === 'deleted' ? 'delete' : 'upsert',
    schema: withMessageLabels(known, body.type_info),
    payload: mayBeOfTask(known.name) ? withTask(payload, body.task) : payload,
    objectId,
    incidentId,
    workspace: await workspaceLabel(incident, body.type_info, context.catalog),
    observedAtMs: sentAtMs ?? context.now(),
  });
  // Messages of menu rules may lack it (unconfirmed): then the source tells whether the object still exists.
  const uncertain = typeof operation !== 'string' || operation === '';
  const sent = sentAtMs === undefined ? {} : { sentAtMs };
  return { kind: 'event', event, uncertain, modified: operation === 'modified', ...sent };
}

async function schemaOf(objectType: number, body: SoarObject, catalog: Types): Promise<TypeSchema> {
  const schema = await catalog.numbered(objectType);
  if (schema === undefined) {
    throw new DecodeError(`The message has object_type ${objectType}, which the source's types do not know.`, {
      code: 'message-of-unknown-type',
    });
  }
  const unknown = unknownFields(schema, body.type_info);
  if (unknown.length === 0) return schema;
  await catalog.refresh(unknown.map((name) => `${schema.name}.${name}`));
  return (await catalog.numbered(objectType)) ?? schema;
}

/** A task's note names its task in the note; where it does not, the message's `task` does. */
function withTask(payload: SoarObject, task: unknown): SoarObject {
  const named = (payload.task_id !== undefined && payload.task_id !== null) || payload.type === 'incident';
  return named || !isRecord(task) ? payload : { ...payload, task_id: task.id };
}

async function workspaceLabel(incident: SoarObject | undefined, typeInfo: unknown, catalog: Types): Promise<string> {
  const schema = await catalog.named('incident');
  if (incident === undefined || schema === undefined) return '';
  const labelled = withMessageLabels(schema, typeInfo);
  // A child's message may lack the labels of its incident, and a workspace may be newer than the types that were read.
  return workspaceOf(incident, await catalog.knowing(labelled, { workspace: incident.workspace }));
}

/** The last moment that a date can name, ms (ECMAScript's time values). */
const LATEST_DATE_MS = 8.64e15;

/** The broker's clock, ms; `undefined` where the header is no date. */
function timestampOf({ headers }: IncomingMessage): number | undefined {
  const value = Number(headers.timestamp);
  return Number.isSafeInteger(value) && value > 0 && value <= LATEST_DATE_MS ? value : undefined;
}

function isRecord(value: unknown): value is SoarObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
