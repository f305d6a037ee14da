import type { Logger, SourceOrg } from '@soar-feed/core';
import type { IncidentDto, SoarClient } from '@soar-feed/soar-client';
import { hostOf } from '../isReplica.js';
import type { MappingStore } from '../mapping/MappingStore.js';
import { originOf } from '../translate/defaultNote.js';
import { readTextArea } from '../translate/richText.js';
import { CLOCK_SKEW_MS, hasKey } from './findTwin.js';
import { optionalNumber } from './TargetObject.js';
import type { WriteJob } from './WriteJob.js';

interface Stray {
  readonly id: number;
  readonly name: unknown;
  readonly discoveredDate: unknown;
  /** Target's clock, ms. */
  readonly createdAtMs?: number;
  /** Source id, where its references say that it came from our source. */
  readonly sourceId?: number;
}

export type Found = { readonly id: number } | { readonly doubtful: readonly number[] } | undefined;

/**
 * Target incidents that may be replicas the mapping has lost: newer than all it speaks of, and with references to our
 * source, or without references and made by our own account. Asked for once at open; by then a mapping that lost
 * nothing, or an empty target, has none.
 */
export class LostReplicas {
  private readonly origins = new Map<number, Promise<number | undefined>>();

  static async load(
    client: SoarClient,
    mapping: MappingStore,
    source: Pick<SourceOrg, 'host' | 'orgId'>,
    log: Logger,
    signal: AbortSignal,
  ): Promise<LostReplicas> {
    const minId = (await mapping.newestTarget(source.orgId)) + 1;
    const strays: Stray[] = [];
    for await (const page of client.incidents.pages({ minId, returnLevel: 'full' }, { signal })) {
      strays.push(...page.flatMap((dto) => strayOf(dto, source, client.principal.id) ?? []));
    }
    if (strays.length > 0) {
      log.warn(
        `${strays.length} incidents of the target may be replicas that the mapping does not know: they are taken for what they are when their incidents come.`,
        { event: 'target.strays', count: strays.length },
      );
    }
    return new LostReplicas(client, source, strays);
  }

  private constructor(
    private readonly client: SoarClient,
    private readonly source: Pick<SourceOrg, 'host' | 'orgId'>,
    private readonly strays: readonly Stray[],
  ) {}

  /**
   * The replica of this incident: by its references; else by the note about its origin, looked for first where name and
   * date agree; else, where no such note is, by name and date. One that has only its name or date may be it.
   */
  async of(job: WriteJob): Promise<Found> {
    const referring = this.strays.filter(({ sourceId }) => sourceId === job.event.key.incidentId);
    if (referring.length > 0) return one(referring);
    const unreferred = this.strays.filter((stray) => stray.sourceId === undefined && mayFollow(stray, job));
    const alike = unreferred.filter((stray) => likeness(stray, job) === 2);
    const others = unreferred.filter((stray) => !alike.includes(stray));
    const unsaid: Stray[] = [];
    for (const strays of [alike, others]) {
      const said: Stray[] = [];
      for (const stray of strays) {
        const origin = await this.originOf(stray, job.signal);
        if (origin === undefined) unsaid.push(stray);
        else if (origin === job.event.key.incidentId) said.push(stray);
      }
      if (said.length > 0) return one(said);
    }
    const unsaidAlike = unsaid.filter((stray) => alike.includes(stray));
    if (unsaidAlike.length > 0) return one(unsaidAlike);
    const doubtful = unsaid.filter((stray) => likeness(stray, job) === 1).map(({ id }) => id);
    return doubtful.length === 0 ? undefined : { doubtful };
  }

  get any(): boolean {
    return this.strays.length > 0;
  }

  /** Source id that its note names; 0 for an incident of another source. Read once for each. */
  private originOf(stray: Stray, signal: AbortSignal): Promise<number | undefined> {
    const known = this.origins.get(stray.id);
    if (known !== undefined) return known;
    const reading = this.readOrigin(stray, signal);
    this.origins.set(stray.id, reading);
    reading.catch(() => this.origins.delete(stray.id));
    return reading;
  }

  private async readOrigin({ id }: Stray, signal: AbortSignal): Promise<number | undefined> {
    for (const note of await this.client.notes.list({ incidentId: id }, { signal })) {
      const origin = originOf(readTextArea(note.text, undefined)?.text ?? '');
      if (origin === undefined) continue;
      return origin.orgId === this.source.orgId && origin.host === this.source.host ? origin.incidentId : 0;
    }
    return undefined;
  }
}

function one(strays: readonly Stray[]): Found {
  const [only, ...others] = strays;
  if (only === undefined) return undefined;
  return others.length === 0 ? { id: only.id } : { doubtful: strays.map(({ id }) => id) };
}

function strayOf(
  dto: IncidentDto,
  { host, orgId }: Pick<SourceOrg, 'host' | 'orgId'>,
  principalId: number,
): Stray | undefined {
  const stray = {
    id: dto.id,
    name: dto.name,
    discoveredDate: dto['discovered_date'],
    ...optionalNumber('createdAtMs', dto.create_date),
  };
  const { df_org_id: from, df_inc_id: sourceId, df_host: where } = dto.properties ?? {};
  if (typeof sourceId !== 'number') return dto.creator_principal?.id === principalId ? stray : undefined;
  const elsewhere = typeof where === 'string' && where.trim() !== '' && hostOf(where) !== hostOf(host);
  return from === orgId && !elsewhere ? { ...stray, sourceId } : undefined;
}

/** How many of name and date are equal. */
function likeness({ id, name, discoveredDate }: Stray, job: WriteJob): number {
  const key = job.fields.filter((field) => field.name === 'name' || field.name === 'discovered_date');
  const candidate = {
    target: { incidentId: id, objectId: id },
    value: ({ name: field }: { readonly name: string }) => (field === 'name' ? name : discoveredDate),
  };
  return key.filter((field) => hasKey(candidate, [field])).length;
}

/** A replica is younger than its incident: so a new one costs no look at the old ones. */
function mayFollow({ createdAtMs }: Stray, { event }: WriteJob): boolean {
  const bornMs = event.payload['create_date'];
  return typeof bornMs !== 'number' || createdAtMs === undefined || createdAtMs >= bornMs - CLOCK_SKEW_MS;
}
