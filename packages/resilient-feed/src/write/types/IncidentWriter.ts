import { SoarApiError } from '@soar-feed/soar-client';
import type { IncidentDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import { toBody } from '../../translate/bodies.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { mergeInto } from './mergeInto.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import type { OrgBehaviour } from './OrgBehaviour.js';
import { patchFields } from './patchFields.js';
import { unlessGone } from '../notFound.js';
import { isEmptyHanded } from '../Along.js';
import { currentValue, optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import type { TargetTasks } from './TargetTasks.js';
import type { WriteJob } from '../WriteJob.js';

const KEY = new Set(['name', 'discovered_date', 'df_inc_id', 'df_org_id', 'df_host']);

const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 403]);

/** Incidents: created open, changed field by field, closed last. */
export class IncidentWriter implements ObjectWriter {
  readonly keyIsFixed = false;

  constructor(
    private readonly client: SoarClient,
    private readonly behaviour: OrgBehaviour,
    private readonly tasks: TargetTasks,
  ) {}

  naturalKey(job: WriteJob): NaturalKey {
    return job.fields.filter((field) => KEY.has(field.name) && field.value !== null);
  }

  /** The answer holds the tasks that the platform made at once, which saves reading them before they are adopted. */
  async create(job: WriteJob): Promise<TargetObject> {
    const answer = await this.make(job);
    this.tasks.incidentMade(answer.id, job.fields, answer.tasks ?? undefined);
    return asTarget(answer);
  }

  /**
   * With what travels along. A server may refuse that, or one object of it; then nothing was made, and the incident goes
   * alone.
   */
  private async make({ fields, along, signal }: WriteJob): Promise<IncidentDto> {
    const body = toBody(fields);
    const send = (whole: object): Promise<IncidentDto> =>
      this.client.incidents.create(whole, { wantTasks: true, signal });
    let refused = false;
    const answer = await send({ ...body, ...along?.lists }).catch((error: unknown) => {
      if (along === undefined || isEmptyHanded(along)) throw error;
      if (isServerFailure(error)) along.stumbled();
      if (!isRefusal(error)) throw error;
      refused = true;
      return send(body);
    });
    along?.made(answer, refused);
    return answer;
  }

  async update(job: WriteJob, changed: readonly TranslatedField[], known: TargetVersion): Promise<Updated> {
    try {
      return await this.change(job, changed, known);
    } catch (error) {
      // Moving an incident needs a permission of its own (change_workspace). Without it, the rest of the change is
      // sent.
      const rest = changed.filter((field) => field.name !== 'workspace');
      if (rest.length === changed.length || !SoarApiError.is(error) || !REFUSALS.has(error.status)) throw error;
      const updated = rest.length === 0 ? {} : await this.change(job, rest, known);
      job.log.warn(`The target refuses to move an incident to another workspace: ${error.message}`, {
        event: 'target.workspace-refused',
        incidentId: job.event.key.incidentId,
      });
      return updated;
    }
  }

  private async change(
    job: WriteJob,
    changed: readonly TranslatedField[],
    { target }: TargetVersion,
  ): Promise<Updated> {
    if (changed.some((field) => field.name === 'incident_type_ids'))
      this.tasks.typesChanged(target.incidentId, changed);
    const closing = changed.filter((field) => field.closing);
    const closes = closing.some((field) => field.name === 'plan_status' && field.value === 'C');
    const rest = changed.filter((field) => !field.closing);
    try {
      await this.send(target.objectId, [...rest, ...closing.sort(statusLast)], job.signal);
      return {};
    } catch (error) {
      // It has open required tasks, or lacks a field that this target requires on close. The other changes are sent.
      if (!closes || !SoarApiError.is(error) || error.status !== 400) throw error;
      if (rest.length > 0) await this.send(target.objectId, rest, job.signal);
      return { refused: { fields: closing, error } };
    }
  }

  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.incidents.delete(target.objectId, { signal });
    return 'removed';
  }

  list(): Promise<readonly TargetObject[]> {
    throw new TypeError('incidents are looked up one by one');
  }

  /** `undefined`: it does not exist, or we may not see it. */
  async get(id: number, signal: AbortSignal): Promise<TargetObject | undefined> {
    const dto = await unlessGone(this.client.incidents.get(id, { signal }));
    return dto === undefined ? undefined : asTarget(dto);
  }

  /** Finds incidents that may have this natural key, by their reference if the target keeps it. */
  async candidates(key: NaturalKey, signal: AbortSignal): Promise<readonly TargetObject[]> {
    // The search cannot compare text areas.
    const byReference = key.filter(
      ({ name, inputType }) => (name === 'df_inc_id' || name === 'df_org_id') && inputType !== 'textarea',
    );
    const fields =
      byReference.length > 0
        ? byReference
        : key.filter((field) => field.name === 'name' || field.name === 'discovered_date');
    const conditions = fields.map((field) => ({
      field_name: field.prefix === undefined ? field.name : `${field.prefix}.${field.name}`,
      method: 'equals' as const,
      value: field.value,
    }));
    const found: TargetObject[] = [];
    for await (const page of this.client.incidents.pages({ conditions, returnLevel: 'full' }, { signal })) {
      found.push(...page.map(asTarget));
    }
    return found;
  }

  /**
   * Sends a PATCH. A server without PATCH, and sections that its schema does not list, need the whole object with its
   * version.
   */
  private async send(id: number, fields: readonly TranslatedField[], signal: AbortSignal): Promise<void> {
    if (this.behaviour.incidentPatch && !fields.some((field) => field.unlisted)) {
      try {
        return await patchFields(fields, this.behaviour, (changes) =>
          this.client.incidents.patch(id, changes, undefined, { signal }),
        );
      } catch (error) {
        if (!SoarApiError.is(error) || error.status !== 405) throw error;
        this.behaviour.incidentPatch = false;
      }
    }
    await this.client.incidents.update(id, (current) => mergeInto(current, fields), { signal });
  }
}

/** The server will not do it, and has done nothing. */
function isRefusal(error: unknown): boolean {
  if (!SoarApiError.is(error) || error.outcomeUnknown || error.retryable || error.unavailable) return false;
  return error.status !== undefined && error.status >= 400 && error.status < 500;
}

function isServerFailure(error: unknown): boolean {
  return SoarApiError.is(error) && error.outcomeUnknown && error.status !== undefined && error.status >= 500;
}

/** A server may apply the changes one by one, and must have the required fields before it closes. */
function statusLast(a: TranslatedField, b: TranslatedField): number {
  return Number(a.name === 'plan_status') - Number(b.name === 'plan_status');
}

function asTarget(dto: IncidentDto): TargetObject {
  return {
    target: { incidentId: dto.id, objectId: dto.id },
    ...optionalNumber('version', dto.vers),
    ...optionalNumber('createdAtMs', dto.create_date),
    ...optionalNumber('createdBy', dto.creator_principal?.id),
    value: (field) => currentValue(dto, field),
  };
}
