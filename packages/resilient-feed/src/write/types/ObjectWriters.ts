import type { Clock } from '@soar-feed/core';
import type { SoarClient } from '@soar-feed/soar-client';
import { targetType } from '../../fields/emailTypes.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import { ArtifactWriter } from './ArtifactWriter.js';
import { AttachmentWriter } from './AttachmentWriter.js';
import { BoundedCache } from '../../BoundedCache.js';
import { IncidentWriter } from './IncidentWriter.js';
import { MilestoneWriter } from './MilestoneWriter.js';
import { NoteWriter } from './NoteWriter.js';
import type { ObjectWriter } from './ObjectWriter.js';
import type { OrgBehaviour } from './OrgBehaviour.js';
import { RowWriter } from './RowWriter.js';
import type { TargetObject } from '../TargetObject.js';
import type { TargetTasks } from './TargetTasks.js';
import { TaskWriter } from './TaskWriter.js';

/** How long a list is kept, ms: long enough to verify the siblings of one incident with one request. */
const SIBLINGS_KEPT_MS = 30_000;
/** Objects kept in all lists, some KB each. */
const SIBLINGS_KEPT = 5_000;

/** The writer of each type. Any type that is not one of IBM's own is a data table. */
export class ObjectWriters {
  readonly incidents: IncidentWriter;
  readonly artifacts: ArtifactWriter;
  private readonly byType: ReadonlyMap<string, ObjectWriter>;
  private readonly rows: RowWriter;
  private readonly lists = new BoundedCache<
    string,
    { readonly atMs: number; readonly objects: readonly TargetObject[] }
  >(SIBLINGS_KEPT, ({ objects }) => 50 + objects.length);

  constructor(
    client: SoarClient,
    catalog: TargetCatalog,
    behaviour: OrgBehaviour,
    private readonly tasks: TargetTasks,
    private readonly clock: Clock,
  ) {
    this.incidents = new IncidentWriter(client, behaviour, tasks);
    this.artifacts = new ArtifactWriter(client, behaviour, catalog);
    this.rows = new RowWriter(client, catalog);
    this.byType = new Map<string, ObjectWriter>([
      ['incident', this.incidents],
      ['task', new TaskWriter(client, behaviour)],
      ['note', new NoteWriter(client)],
      ['artifact', this.artifacts],
      ['attachment', new AttachmentWriter(client, behaviour)],
      ['milestone', new MilestoneWriter(client)],
    ]);
  }

  of(type: string): ObjectWriter {
    return this.byType.get(targetType(type)) ?? this.rows;
  }

  /**
   * Lists everything of one type at a place, from a list that may be some seconds old: to verify old rows, never for
   * versions.
   */
  async siblings(place: Place, type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    const name = listName(place, type);
    const kept = this.lists.get(name);
    if (kept !== undefined && this.clock.steadyMs() - kept.atMs < SIBLINGS_KEPT_MS) return kept.objects;
    const objects = await this.of(type).list(place, type, signal);
    this.lists.set(name, { atMs: this.clock.steadyMs(), objects });
    return objects;
  }

  /** An object was deleted, so its list is out of date. */
  gone(target: TargetRef, type: string): void {
    this.lists.delete(listName(target, type));
    if (type === 'task') this.tasks.gone(target);
  }
}

function listName({ incidentId, taskId }: Place, type: string): string {
  return JSON.stringify([incidentId, taskId, targetType(type)]);
}
