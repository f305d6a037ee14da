import type { SoarClient } from '@soar-feed/soar-client';
import { SoarApiError } from '@soar-feed/soar-client';
import { SOURCE_GONE } from '../trouble/classify.js';
import { PermanentError } from '../contract/errors.js';
import type { ContentHandle, FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { isIncident } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { withoutShown } from '../contract/shownFields.js';
import type { TypeSchema } from '../contract/TypeSchema.js';
import { parentOf } from '../hierarchy/parentOf.js';
import { taskOf } from '../hierarchy/taskOf.js';
import { platformId } from '../contract/platformId.js';

export interface EventFacts {
  readonly id: string;
  readonly origin: FeedEvent['origin'];
  readonly operation: FeedEvent['operation'];
  readonly schema: TypeSchema;
  readonly payload: SoarObject;
  readonly objectId: number;
  readonly incidentId: number;
  readonly workspace: string;
  readonly observedAtMs: number;
  readonly followedByObjects?: true;
}

/** The one place where events are made, whether they come from the queue, a reload or a row. */
export class EventFactory {
  /** `onIncident` hears of every incident as the source has it. */
  constructor(
    private readonly client: SoarClient,
    private readonly onIncident: (incident: SoarObject) => void = () => undefined,
  ) {}

  /** Throws `DecodeError` if an id of the object, its incident, its task or its parent is not a valid id. */
  make(facts: EventFacts): FeedEvent {
    const { schema, payload: asRead, objectId: ownId, incidentId: ofIncident, ...rest } = facts;
    const incidentId = platformId(ofIncident, `The incident id of the ${schema.name}`);
    const objectId = platformId(ownId, `The id of the ${schema.name}`);
    const key: ObjectKey = { orgId: this.client.org.id, incidentId, type: schema.name, objectId };
    const payload = isIncident(key) ? this.incident(asRead) : asRead;
    const parent = parentOf(key, payload);
    const content = facts.operation === 'delete' ? undefined : this.contentOf(key, payload);
    return {
      ...rest,
      key,
      payload,
      schema,
      ...(parent === undefined ? {} : { parent }),
      ...(content === undefined ? {} : { content }),
    };
  }

  private incident(asRead: SoarObject): SoarObject {
    this.onIncident(asRead);
    return withoutShown(asRead);
  }

  private contentOf(key: ObjectKey, payload: SoarObject): ContentHandle | undefined {
    if (key.type === 'attachment') {
      const taskId = taskOf(payload);
      const parent = taskId === undefined ? { incidentId: key.incidentId } : { taskId };
      return contentHandle(payload, (options) => this.client.attachments.content(parent, key.objectId, options));
    }
    const file = payload.attachment;
    if (key.type !== 'artifact' || typeof file !== 'object' || file === null) return undefined;
    return contentHandle(file as SoarObject, (options) =>
      this.client.artifacts.content(key.incidentId, key.objectId, options),
    );
  }
}

type Open = (options: {
  readonly signal: AbortSignal | undefined;
  readonly size: number | undefined;
}) => ReturnType<SoarClient['attachments']['content']>;

function contentHandle(file: SoarObject, open: Open): ContentHandle {
  const size = typeof file.size === 'number' ? file.size : undefined;
  return {
    name: typeof file.name === 'string' && file.name !== '' ? file.name : 'unnamed',
    ...(typeof file.content_type === 'string' ? { contentType: file.content_type } : {}),
    ...(size === undefined ? {} : { size }),
    async open(options) {
      try {
        return (await open({ signal: options?.signal, size })).stream;
      } catch (error) {
        if (!SoarApiError.is(error) || error.status !== 404) throw error;
        throw new PermanentError('The file is gone at the source.', { code: SOURCE_GONE, cause: error });
      }
    },
  };
}
