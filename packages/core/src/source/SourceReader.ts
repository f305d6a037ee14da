import type { SoarClient } from '@soar-feed/soar-client';
import { SoarApiError } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import type { ParkedEvent } from '../contract/FeedStore.js';
import { isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { SourceOrg } from '../contract/SourceOrg.js';
import { withoutShown } from '../contract/shownFields.js';
import type { TypeSchema } from '../contract/TypeSchema.js';
import { isDataTable, isEmail } from '../contract/TypeSchema.js';
import { PermanentError } from '../contract/errors.js';
import { EmailSearch } from './incidents/EmailSearch.js';
import type { EventSource } from './EventSource.js';
import { taskOf } from '../hierarchy/taskOf.js';
import type { TypeCatalog } from '../shape/TypeCatalog.js';
import type { EventFactory } from './EventFactory.js';
import { SourceTime } from './SourceTime.js';
import { standsIn } from './standsIn.js';
import type { TimeSeries } from './TimeSeries.js';

/** Reads single objects of the source as they are now, and makes events of them and of parked rows. */
export class SourceReader implements SourceOrg, EventSource {
  private readonly time: SourceTime;

  constructor(
    private readonly client: SoarClient,
    private readonly catalog: TypeCatalog,
    private readonly events: EventFactory,
    clock: Clock,
    private readonly timeSeries?: TimeSeries,
  ) {
    this.time = new SourceTime(clock, client.clock);
  }

  get host(): string {
    return this.client.host;
  }

  get orgId(): number {
    return this.client.org.id;
  }

  get orgName(): string {
    return this.client.org.name;
  }

  get orgUuid(): string | undefined {
    return this.client.org.uuid;
  }

  get principalId(): number {
    return this.client.principal.id;
  }

  get serverClock(): SourceOrg['serverClock'] {
    return this.client.clock;
  }

  notes(incidentId: number): Promise<readonly SoarObject[]> {
    return this.client.notes.list({ incidentId });
  }

  tasks(incidentId: number): Promise<readonly SoarObject[]> {
    return this.client.tasks.list(incidentId, { wantNotes: true });
  }

  async types(): Promise<readonly TypeSchema[]> {
    const all = await this.catalog.all();
    return all.filter(
      (type) => type.name === 'incident' || type.parentTypes.includes('incident') || type.parentTypes.includes('task'),
    );
  }

  async fetch(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined> {
    const found = await this.read(key, parent?.type === 'task' ? parent.objectId : undefined);
    return found !== undefined && isIncident(key) ? withoutShown(found) : found;
  }

  async reread(event: FeedEvent): Promise<FeedEvent | undefined> {
    const { value: payload, asOfMs: observedAtMs } = await this.time.date(() =>
      this.read(event.key, taskOf(event.payload)),
    );
    if (payload === undefined) return undefined;
    const { key, id, workspace, followedByObjects } = event;
    return this.events.make({
      id,
      origin: 'reload',
      operation: 'upsert',
      schema: await this.catalog.knowing(event.schema, payload),
      payload,
      objectId: key.objectId,
      incidentId: key.incidentId,
      workspace,
      observedAtMs,
      ...(followedByObjects ? { followedByObjects } : {}),
    });
  }

  async timed(event: FeedEvent): Promise<FeedEvent> {
    return this.timeSeries?.addTo(event) ?? event;
  }

  async rebuild(row: ParkedEvent): Promise<FeedEvent | undefined> {
    const { key } = row;
    const schema = await this.catalog.named(key.type);
    if (schema === undefined) return undefined; // the table was deleted at the source, and its rows with it
    const isKept = row.payload !== undefined || row.operation === 'delete';
    const { value: payload, asOfMs: observedAtMs } = isKept
      ? { value: row.payload ?? {}, asOfMs: row.observedAtMs }
      : await this.time.date(() => this.read(key, row.taskId));
    const event = this.events.make({
      id: row.eventId ?? `replay:${keyText(key)}:${row.revision}`,
      origin: 'replay',
      // It was read again and is gone. Earlier snapshots of it may have been delivered, so it is a delete.
      operation: payload === undefined ? 'delete' : row.operation,
      schema: payload === undefined ? schema : await this.catalog.knowing(schema, payload),
      payload: payload ?? { id: key.objectId },
      objectId: key.objectId,
      incidentId: key.incidentId,
      workspace: row.workspace,
      observedAtMs,
    });
    // A delete may say little about the object; its row names the parent.
    return event.operation === 'delete' && row.parent !== undefined ? { ...event, parent: row.parent } : event;
  }

  /** An object that nobody has seen and others wait for; `undefined` when it is gone. */
  async discover(key: ObjectKey, workspace: string, taskId: number | undefined): Promise<FeedEvent | undefined> {
    const schema = await this.catalog.named(key.type);
    if (schema === undefined) return undefined;
    const { value: payload, asOfMs: observedAtMs } = await this.time.date(() => this.read(key, taskId));
    if (payload === undefined) return undefined;
    const facts = { objectId: key.objectId, incidentId: key.incidentId, workspace, observedAtMs };
    return this.events.make({
      id: `discover:${keyText(key)}`,
      origin: 'reload',
      operation: 'upsert',
      schema: await this.catalog.knowing(schema, payload),
      payload,
      ...facts,
    });
  }

  /** `undefined`: the platform answers 404, or the object is in another incident. Throws any other error. */
  private async read(key: ObjectKey, taskId: number | undefined): Promise<SoarObject | undefined> {
    try {
      const found = await this.readNow(key, taskId);
      return found !== undefined && standsIn(key, found) ? found : undefined;
    } catch (error) {
      if (SoarApiError.is(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  private async readNow(
    { type, objectId, incidentId }: ObjectKey,
    taskId: number | undefined,
  ): Promise<SoarObject | undefined> {
    const container = taskId === undefined ? { incidentId } : { taskId };
    switch (type) {
      case 'incident':
        return this.client.incidents.get(objectId);
      case 'task':
        return this.client.tasks.get(objectId);
      case 'note':
        return this.client.notes.get(container, objectId);
      case 'artifact':
        return this.client.artifacts.get(incidentId, objectId);
      case 'attachment':
        return this.client.attachments.get(container, objectId);
      case 'milestone':
        // A single milestone may not be readable by its id (IBM's resilient feed; unconfirmed); the list always is.
        return (await this.client.milestones.list(incidentId)).find((milestone) => milestone.id === objectId);
      default:
        return this.readRow(type, objectId, incidentId);
    }
  }

  /** The index may lack what the database has, so one that it does not show is not gone. */
  private async readEmail(id: number, incidentId: number): Promise<SoarObject> {
    const found = (await new EmailSearch(this.client, this.catalog).of([incidentId], {})).get(incidentId) ?? [];
    const email = found.find(({ payload }) => payload.id === id);
    if (email !== undefined) return email.payload;
    throw new PermanentError(
      `The source's search does not show the e-mail message ${id}, and it cannot be read otherwise.`,
      {
        code: 'email-unread',
      },
    );
  }

  private async readRow(type: string, rowId: number, incidentId: number): Promise<SoarObject | undefined> {
    const schema = await this.catalog.named(type);
    if (schema !== undefined && isEmail(schema)) return this.readEmail(rowId, incidentId);
    if (schema === undefined || !isDataTable(schema)) return undefined;
    const table = await this.client.dataTables.get(incidentId, schema.id);
    return table.rows.find((row) => row.id === rowId);
  }
}
