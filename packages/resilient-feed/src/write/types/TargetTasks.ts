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

/** How long the platform may add tasks after an incident was made or its types changed, ms. */
const LATE_MS = 1_500;
const LOOK_AGAIN_MS = 300;
/** Tasks kept, some KB each: those of the incidents in progress. */
const KEPT_TASKS = 2_000;

/**
 * The tasks that the platform made in a target incident by itself. They are adopted as counterparts instead of being
 * made twice, each one once. They come with the answer to the incident's create, or are read once per incident.
 */
export class TargetTasks {
  private readonly known = new BoundedCache<number, readonly TaskDto[]>(KEPT_TASKS, ({ length }) => 1 + length);
  /** Until when more tasks may appear; ms, steady. */
  private readonly lateUntil = new BoundedCache<number, number>(2_000);
  /** Types of incidents, which decide what tasks the platform makes. */
  private readonly types = new BoundedCache<number, unknown>(2_000);
  /** By types, name and phase: whether this target makes such a task. If it does not, waiting once was enough. */
  private readonly makes = new BoundedCache<string, boolean>(1_000);
  /** By `keyText`: tasks of the source that have already waited for their incident. */
  private readonly waited = new BoundedCache<string, true>(2_000);
  private readonly openedAtMs: number;

  constructor(
    private readonly client: SoarClient,
    private readonly rows: Pick<Rows, 'mappedTargets'>,
    private readonly clock: Clock,
  ) {
    // More may also appear in incidents that were made just before.
    this.openedAtMs = clock.steadyMs();
  }

  incidentMade(incidentId: number, fields: readonly TranslatedField[], tasks: readonly TaskDto[] | undefined): void {
    this.typesChanged(incidentId, fields);
    if (tasks !== undefined) this.known.set(incidentId, tasks);
  }

  /** If `fields` have new incident types, these bring new tasks. */
  typesChanged(incidentId: number, fields: readonly TranslatedField[]): void {
    const types = fields.find(({ name }) => name === 'incident_type_ids');
    if (types !== undefined) this.types.set(incidentId, types.value);
    this.lateUntil.set(incidentId, this.clock.steadyMs() + LATE_MS);
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

  /**
   * The target's task that is this one's counterpart. A task that people made is only looked for if no request is
   * needed.
   */
  async adoptable(job: WriteJob): Promise<TargetObject | undefined> {
    const { incidentId } = placeOf(job);
    const madeBySource = job.event.payload['custom'] === false;
    const known = this.known.get(incidentId);
    if (known === undefined && !madeBySource) return undefined;
    const found = await this.match(known ?? (await this.read(job)), job);
    if (found !== undefined || !madeBySource) return found;
    return (await this.lookAgain(job, known !== undefined)) ?? this.namesake(job);
  }

  /** The platform's own task with that name: the source's may have moved to another phase before it was first seen. */
  private async namesake(job: WriteJob): Promise<TargetObject | undefined> {
    const { incidentId } = placeOf(job);
    const name = job.fields.find((field) => field.name === 'name');
    const tasks = this.known.get(incidentId) ?? (await this.read(job));
    const mapped = await this.rows.mappedTargets(incidentId, 'task');
    const own = tasks.find((task) => task.name === name?.value && task.custom === false && !mapped.has(task.id));
    if (own === undefined) return undefined;
    // It may be late in the next incident.
    this.makes.set(this.kindOf(job), true);
    return taskAsTarget(own, incidentId);
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
      if (this.clock.steadyMs() >= (this.lateUntil.get(incidentId) ?? this.openedAtMs + LATE_MS)) break;
      await this.clock.sleep(LOOK_AGAIN_MS, job.signal);
      remembered = true;
    }
    if (this.makes.get(kind) !== true && !this.mayFollow(job)) this.makes.set(kind, false);
    return undefined;
  }

  /**
   * A task that the platform made can be reported before its incident, whose new types make the same task here. Such a
   * task waits for its incident, once.
   */
  waitsForIncident(job: WriteJob): boolean {
    if (!this.mayFollow(job)) return false;
    this.waited.set(keyText(job.event.key), true);
    return true;
  }

  /** A parked row may be such a message, too, seen for the first time. */
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

  /** Finds a task with the same name and phase that is not mapped yet: the platform's own first, in their order. */
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
