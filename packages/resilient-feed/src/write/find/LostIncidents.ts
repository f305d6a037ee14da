import { FeedError, RetryableError } from '@soar-feed/core';
import type { Logger, SourceOrg } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Clocks } from '../../Clocks.js';
import { optionalReading } from '../../optionalReading.js';
import { hostOf } from '../../translate/Origin.js';
import type { Rows } from '../../mapping/Rows.js';
import { originOf } from '../../translate/defaultNote.js';
import { readTextArea } from '../../fields/richText.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import { mayFollow } from './mayFollow.js';
import { ReferringIncidents } from './ReferringIncidents.js';
import { strayOf } from './Stray.js';
import type { Stray } from './Stray.js';
import { hasKey } from '../TargetObject.js';
import { unlessGone } from '../notFound.js';
import type { WriteJob } from '../WriteJob.js';

export type Found = { readonly id: number } | { readonly doubtful: readonly number[] } | undefined;

export interface LostIncidentsServices {
  readonly client: SoarClient;
  readonly rows: Rows;
  readonly catalog: TargetCatalog;
  readonly source: Pick<SourceOrg, 'host' | 'orgId'>;
  readonly clocks: Clocks;
  readonly log: Logger;
}

/**
 * When the row of an incident may have been lost: before this opening, or since (somebody put an older mapping in
 * place).
 */
export type Loss = 'none' | 'before' | 'since';

/** How long an incident waits for a target that refuses our searches and answers otherwise, ms. Then it goes on without them. */
const PATIENCE_MS = 20_000;
/** The same for a target that is too busy for them. */
const BUSY_PATIENCE_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 1_000;
/** The origin of an incident of another source, or of one that is gone. */
const NOT_OURS = 0;

/**
 * Target incidents that may be counterparts which the mapping has lost. Those with references to our source are
 * searched for when their incident comes without a row. Those without references, made by our account and newer than
 * everything in the mapping, are searched for once, when the feed opens; if the mapping lost nothing, there are none.
 */
export class LostIncidents {
  /** Does not throw if the search fails: it is repeated when it is needed. */
  static async load(services: LostIncidentsServices, signal: AbortSignal): Promise<LostIncidents> {
    const lost = new LostIncidents(services);
    await optionalReading((within) => lost.readStrays(within), signal).catch((error: unknown) => {
      // Nothing can be determined without the mapping.
      if (signal.aborted || FeedError.is(error)) throw error;
      lost.say(error);
    });
    return lost;
  }

  private readonly origins = new Map<number, Promise<number | undefined>>();
  private readonly referring: ReferringIncidents;
  private strays: readonly Stray[] | undefined;
  /** The strays are everything in the target that our account made, and everything that refers to our source. */
  private sawAll = false;
  private failingSinceMs: number | undefined;
  private said = false;

  private constructor(private readonly services: LostIncidentsServices) {
    const { client, catalog, source } = services;
    this.referring = new ReferringIncidents(client, catalog, source.orgId);
  }

  /**
   * Finds the counterpart of this incident: by its references; else by the note about its origin, where incidents with
   * the same name and date are read first; else, if there is no such note, by name and date. An incident with only the
   * same name or date may be it.
   */
  async of(job: WriteJob, loss: Loss): Promise<Found> {
    if (loss !== 'none') await this.looking((signal) => this.readStrays(signal), job.signal, undefined);
    const { strays = [] } = this;
    const referring = await this.referringTo(job, loss);
    if (referring.length > 0) return one(referring);
    const unreferred = strays.filter((stray) => stray.references === undefined && this.mayFollow(stray, job));
    const alike = unreferred.filter((stray) => likeness(stray, job) === 2);
    const others = unreferred.filter((stray) => !alike.includes(stray));
    const unsaid: Stray[] = [];
    for (const group of [alike, others]) {
      const said: Stray[] = [];
      for (const stray of group) {
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

  /** The last search failed: whatever was not found may be there. */
  get isFailing(): boolean {
    return this.failingSinceMs !== undefined;
  }

  /** Whether the incident, which has no row, may be in the target. If so, its objects may be there, too. */
  async mayStand(incidentId: number, signal: AbortSignal): Promise<boolean> {
    if (this.strays === undefined || this.strays.length > 0) return true;
    if (this.sawAll) return false;
    return (
      (await this.looking((within) => this.referring.to(incidentId, { fresh: false }, within), signal, [])).length > 0
    );
  }

  private async referringTo(job: WriteJob, loss: Loss): Promise<readonly Stray[]> {
    const { incidentId } = job.event.key;
    const newer = (this.strays ?? []).filter(({ references }) => references?.incidentId === incidentId);
    const fresh = loss === 'since';
    const asked =
      loss === 'none' || (this.sawAll && !fresh)
        ? []
        : await this.looking((signal) => this.referring.to(incidentId, { fresh }, signal), job.signal, []);
    const all = new Map([...newer, ...asked].map((stray) => [stray.id, stray]));
    return [...all.values()].filter((stray) => this.isOurs(stray, job));
  }

  /** An organization of another platform may have the same id, and one server many names. */
  private isOurs(stray: Stray, job: WriteJob): boolean {
    const { references, createdBy } = stray;
    const { source, client } = this.services;
    if (references === undefined || (references.orgId ?? source.orgId) !== source.orgId) return false;
    const bornMs = job.event.payload['create_date'];
    if (references.createdMs !== undefined && typeof bornMs === 'number') return references.createdMs === bornMs;
    if (references.host === undefined || hostOf(references.host) === hostOf(source.host)) return true;
    return createdBy === client.principal.id && likeness(stray, job) === 2;
  }

  private async readStrays(signal: AbortSignal): Promise<void> {
    if (this.strays !== undefined) return;
    const { client, rows, source, log } = this.services;
    const minId = (await rows.newestTarget(source.orgId)) + 1;
    const strays: Stray[] = [];
    for await (const page of client.incidents.pages({ minId, returnLevel: 'full' }, { signal })) {
      strays.push(...page.map(strayOf).filter((stray) => this.mayBeCounterpart(stray)));
    }
    this.strays = strays;
    this.sawAll = minId === 1;
    if (strays.length === 0) return;
    log.warn(
      `${strays.length} incidents of the target may be counterparts that the mapping does not know. Each is checked when its incident comes.`,
      { event: 'target.strays', count: strays.length },
    );
  }

  private mayBeCounterpart({ references, createdBy }: Stray): boolean {
    const { client, source } = this.services;
    if (references === undefined) return createdBy === client.principal.id;
    return (references.orgId ?? source.orgId) === source.orgId;
  }

  /** Nothing that was lost is found without the search, so a target that only stumbles is waited for. */
  private async looking<T>(search: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
    try {
      const found = await optionalReading(search, signal);
      this.failingSinceMs = undefined;
      return found;
    } catch (error) {
      if (signal.aborted || FeedError.is(error)) throw error;
      const nowMs = this.services.clocks.steadyMs();
      this.failingSinceMs ??= nowMs;
      const isPatient = nowMs - this.failingSinceMs < (isBusy(error) ? BUSY_PATIENCE_MS : PATIENCE_MS);
      if (!isRefused(error) && (isPatient || !(await this.answersOtherwise(signal))))
        throw new RetryableError(`The target's incidents cannot be searched: ${wordsOf(error)}`, {
          code: 'search-unsettled',
          retryAfterMs: LOOK_AGAIN_MS,
          uncharged: true,
          cause: error,
        });
      this.say(error);
      return otherwise;
    }
  }

  /** A target that is away altogether may have what it does not show. Every account sees its organization. */
  private async answersOtherwise(signal: AbortSignal): Promise<boolean> {
    const { rest, org } = this.services.client;
    return rest.get(`/orgs/${org.id}`, { scope: 'rest', signal }).then(
      () => true,
      () => false,
    );
  }

  /** Logs it once. */
  private say(error: unknown): void {
    if (this.said) return;
    this.said = true;
    this.services.log.warn(
      `The target's incidents cannot be searched: incidents that are there without a row in the mapping would be made again. ${wordsOf(error)}`,
      { event: 'target.reading-failed', reading: 'incidents' },
    );
  }

  /** Id of the source incident that its note names, or `NOT_OURS`. Read once per stray. */
  private originOf(stray: Stray, signal: AbortSignal): Promise<number | undefined> {
    const known = this.origins.get(stray.id);
    if (known !== undefined) return known;
    const reading = this.readOrigin(stray, signal);
    this.origins.set(stray.id, reading);
    reading.catch(() => this.origins.delete(stray.id));
    return reading;
  }

  private async readOrigin({ id }: Stray, signal: AbortSignal): Promise<number | undefined> {
    const { client, source } = this.services;
    const notes = await unlessGone(client.notes.list({ incidentId: id }, { signal }));
    // The search still shows what was deleted, for a while.
    if (notes === undefined) return NOT_OURS;
    for (const note of notes) {
      const origin = originOf(readTextArea(note.text, undefined)?.text ?? '');
      if (origin === undefined) continue;
      const isOurs = origin.orgId === source.orgId && hostOf(origin.host) === hostOf(source.host);
      return isOurs ? origin.incidentId : NOT_OURS;
    }
    return undefined;
  }

  /** A counterpart is younger than its incident, so a new incident needs no look at old ones. */
  private mayFollow({ createdAtMs }: Stray, { event }: WriteJob): boolean {
    return mayFollow(createdAtMs, event.payload['create_date'], this.services.clocks);
  }
}

/** Repeating the request would change nothing. */
function isRefused(error: unknown): boolean {
  return SoarApiError.is(error) && [400, 403, 404, 405].includes(error.status ?? 0);
}

/** No answer in time, or that there were too many requests. */
function isBusy(error: unknown): boolean {
  return !SoarApiError.is(error) || error.status === 429;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function one(strays: readonly Stray[]): Found {
  const [only, ...others] = strays;
  if (only === undefined) return undefined;
  return others.length === 0 ? { id: only.id } : { doubtful: strays.map(({ id }) => id) };
}

/** How many of the two, name and date, are equal. */
function likeness({ id, name, discoveredDate }: Stray, job: WriteJob): number {
  const key = job.fields.filter((field) => field.name === 'name' || field.name === 'discovered_date');
  const candidate = {
    target: { incidentId: id, objectId: id },
    value: ({ name: field }: { readonly name: string }) => (field === 'name' ? name : discoveredDate),
  };
  return key.filter((field) => hasKey(candidate, [field])).length;
}
