import { keyText, writeJson } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';
import type { SoarClient, TaskDto } from '@soar-feed/soar-client';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Rows } from '../../mapping/Rows.js';
import { equalValues } from '../../translate/normalise.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { BoundedCache } from '../../BoundedCache.js';
import { taskAsTarget } from './TaskWriter.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/** How long after an incident was made, or its types changed, the platform may still add tasks. */
const LATE_MS = 1_500;
const LOOK_AGAIN_MS = 300;
/** Tasks kept, some KB each: those of the incidents under way. */
const KEPT_TASKS = 2_000;

/**
 * The tasks that the platform made in a target incident and that wait for their counterpart of the source: adopted
 * instead of made a second time. Each is given once. Known from the answer of the incident's create where that carries
 * them, else read once per incident.
 */
export class TargetTasks {
  private readonly known = new BoundedCache<number, readonly TaskDto[]>(KEPT_TASKS, ({ length }) => 1 + length);
  /** Our clock, ms: until then more may appear. */
  private readonly lateUntil = new BoundedCache<number, number>(2_000);
  /** Types of incidents, which decide what tasks are made in them. */
  private readonly types = new BoundedCache<number, unknown>(2_000);
  /** By types, name and phase: whether this target was seen to make such a task. Where not, waiting for it once was enough. */
  private readonly makes = new BoundedCache<string, boolean>(1_000);
  /** By `keyText`: tasks of the source that waited for their incident already. */
  private readonly waited = new BoundedCache<string, true>(2_000);
  private readonly openedAtMs: number;

  constructor(
    private readonly client: SoarClient,
    private readonly rows: Rows,
    private readonly clock: Clock,
  ) {
    // Also in what was made just before.
    this.openedAtMs = clock.now();
  }

  incidentMade(incidentId: number, fields: readonly TranslatedField[], tasks: readonly TaskDto[] | undefined): void {
    this.typesChanged(incidentId, fields);
    if (tasks !== undefined) this.known.set(incidentId, tasks);
  }

  /** New incident types, if they are among `fields`, bring new tasks. */
  typesChanged(incidentId: number, fields: readonly TranslatedField[]): void {
    const types = fields.find(({ name }) => name === 'incident_type_ids');
    if (types !== undefined) this.types.set(incidentId, types.value);
    this.lateUntil.set(incidentId, this.clock.now() + LATE_MS);
    this.known.delete(incidentId);
  }

  /** A task was deleted. */
  gone({ incidentId, objectId }: TargetRef): void {
    const known = this.known.get(incidentId);
    if (known !== undefined)
      this.known.set(
        incidentId,
        known.filter(({ id }) => id !== objectId),
      );
  }

  /** The target's task that this one is already. A task that people made is only looked for where reading costs nothing. */
  async adoptable(job: WriteJob): Promise<TargetObject | undefined> {
    const { incidentId } = placeOf(job);
    const madeBySource = job.event.payload['custom'] === false;
    const known = this.known.get(incidentId);
    if (known === undefined && !madeBySource) return undefined;
    const found = await this.match(known ?? (await this.read(job)), job);
    if (found !== undefined || !madeBySource) return found;
    return this.lookAgain(job, known !== undefined);
  }

  private async lookAgain(job: WriteJob, wasRemembered: boolean): Promise<TargetObject | undefined> {
    const { incidentId } = placeOf(job);
    const kind = this.kindOf(job);
    if (this.makes.get(kind) === false) return undefined;
    let remembered = wasRemembered;
    for (;;) {
      if (remembered) {
        const found = await this.match(await this.read(job), job);
        if (found !== undefined) return found;
      }
      if (this.clock.now() >= (this.lateUntil.get(incidentId) ?? this.openedAtMs + LATE_MS)) break;
      await this.clock.sleep(LOOK_AGAIN_MS, job.signal);
      remembered = true;
    }
    if (this.makes.get(kind) !== true && !this.mayFollow(job)) this.makes.set(kind, false);
    return undefined;
  }

  /**
   * The message of a task that the platform made can come before the one of its incident, whose new types make the
   * task here, too: the task then waits for its incident, once.
   */
  waitsForIncident(job: WriteJob): boolean {
    if (!this.mayFollow(job)) return false;
    this.waited.set(keyText(job.event.key), true);
    return true;
  }

  /** Also a row that stood parked may be its message, heard for the first time. */
  private mayFollow(job: WriteJob): boolean {
    const { origin, payload, key } = job.event;
    if (origin === 'reload' || payload['custom'] !== false || this.makes.get(this.kindOf(job)) === false) return false;
    return this.waited.get(keyText(key)) === undefined;
  }

  private async read(job: WriteJob): Promise<readonly TaskDto[]> {
    const { incidentId } = placeOf(job);
    const tasks = await this.client.tasks.list(incidentId, { signal: job.signal });
    this.known.set(incidentId, tasks);
    return tasks;
  }

  /** Same name and phase, not mapped yet; the platform's own first, in their order. */
  private async match(tasks: readonly TaskDto[], job: WriteJob): Promise<TargetObject | undefined> {
    const { incidentId } = placeOf(job);
    const name = job.fields.find((field) => field.name === 'name');
    const phase = job.fields.find((field) => field.name === 'phase_id');
    const alike = tasks.filter(
      (task) => task.name === name?.value && (phase === undefined || equalValues(phase, task.phase_id, phase.value)),
    );
    if (alike.length === 0) return undefined;
    const mapped = await this.rows.mappedTargets(incidentId, 'task');
    const free = alike.filter((task) => !mapped.has(task.id));
    const chosen = free.find((task) => task.custom === false) ?? free[0];
    if (chosen?.custom === false) this.makes.set(this.kindOf(job), true);
    return chosen === undefined ? undefined : taskAsTarget(chosen, incidentId);
  }

  private kindOf(job: WriteJob): string {
    const { name, cat_name: phase } = job.event.payload;
    return writeJson([this.types.get(placeOf(job).incidentId), name, phase]);
  }
}
