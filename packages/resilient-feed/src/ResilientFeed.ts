import { FeedError, namingKeys, UnavailableError } from '@soar-feed/core';
import type {
  Clock,
  ConfigIssue,
  DeliverContext,
  DeliveryResult,
  Examination,
  ExamineContext,
  FeedEvent,
  FeedTarget,
  IncidentFilter,
  Logger,
  ObjectKey,
  OpenContext,
  OtherFilter,
  ParkedObject,
  Rehearsal,
  SourceOrg,
  TargetCapabilities,
  TargetHealth,
  TargetInsight,
  TypeSchema,
} from '@soar-feed/core';
import { markYielding, SoarClient } from '@soar-feed/soar-client';
import type { Dial, Interceptor, LimitedServer, ServerFigures, ServerLimits } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from './config.js';
import { emailsInVain, typesFrom } from './fields/emailTypes.js';
import { examine } from './examine/examine.js';
import { assertAnotherOrg } from './echo/assertAnotherOrg.js';
import { ResilientInsight } from './insight/ResilientInsight.js';
import type { MappingStore } from './mapping/MappingStore.js';
import { MappingCopy } from './mapping/MappingCopy.js';
import { RehearsedOrg } from './rehearse/RehearsedOrg.js';
import { NotClosed } from './replicate/NotClosed.js';
import { Replication } from './replicate/Replication.js';
import { Reports } from './Reports.js';
import { TargetOrg } from './TargetOrg.js';
import type { Source } from './TargetOrg.js';
import { Regaining } from './translate/Regaining.js';
import { schemaDifferences } from './translate/schemaDifferences.js';
import { TargetCatalog } from './translate/TargetCatalog.js';
import { adoptByHand } from './write/find/adoptByHand.js';
import { incidentFilter } from './filter/incidentFilter.js';
import { strayNames } from './filter/strayNames.js';
import type { StrayName } from './filter/strayNames.js';
import { Doubts } from './write/find/Doubts.js';
import { BundleSupport } from './write/create/BundleSupport.js';
import { Settling } from './write/create/Settling.js';
import { Unrecorded } from './write/update/Unrecorded.js';
import { toFeedError, toOpenError } from './toFeedError.js';

export interface ResilientFeedServices {
  readonly mapping: MappingStore;
  readonly source: Source & Pick<SourceOrg, 'types'>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Absent: TLS connections of our own. */
  readonly dial?: Dial | undefined;
  /** Shared by the feeds of a host; absent where a target is only looked at. */
  readonly limits?: ServerLimits | undefined;
  /** In a rehearsal: hears every request to the target organization. */
  readonly intercept?: Interceptor | undefined;
  /** The feed's section in the config file. */
  readonly name: string;
}

/** Another SOAR organization as the target: each object of the source becomes one object there. */
export class ResilientFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly reports: Reports;
  private readonly regaining: Regaining;
  private readonly doubts: Doubts;
  private readonly settling: Settling;
  private readonly unrecorded = new Unrecorded();
  private readonly notClosed = new NotClosed();
  private readonly support: BundleSupport;
  private running:
    { readonly org: TargetOrg; readonly replication: Replication; readonly closing: AbortController } | undefined;
  private limited: LimitedServer | undefined;

  constructor(
    private readonly settings: ResilientFeedSettings,
    private readonly services: ResilientFeedServices,
  ) {
    this.capabilities = { deletes: 'apply', content: true, concurrency: settings.maxConcurrency };
    this.reports = new Reports(services.name, services.log);
    this.regaining = new Regaining(services.clock, services.log);
    this.doubts = new Doubts((key) => !this.notClosed.isHopeless(key));
    this.settling = new Settling(services.clock, settings.createSettleMs);
    this.support = new BundleSupport(settings.bundleCreates, services.log);
  }

  /**
   * Throws `UnavailableError` if the organization or the mapping cannot be used now, and `ConfigError` if only a change
   * of the config can help.
   */
  async open({ signal, resync, concurrency, adaptive }: OpenContext): Promise<void> {
    await this.shut();
    this.limited = this.join(concurrency, adaptive === true);
    const { log, source, mapping } = this.services;
    for (const note of this.settings.criteria.notes) log.info(`matching_incident_fields: ${note}`);
    let org: TargetOrg | undefined;
    try {
      // First of all: a wrong file is reported even while the organization is away.
      await mapping.inspect();
      org = await TargetOrg.open(
        {
          ...this.settings,
          ...this.services,
          concurrency,
          limited: this.limited,
          doubts: this.doubts,
          settling: this.settling,
          unrecorded: this.unrecorded,
          support: this.support,
        },
        signal,
      );
      if (resync !== undefined) await this.takeOverRetries(resync);
      const { reports, regaining, notClosed } = this;
      const replication = new Replication(org, source.host, this.settings, { reports, regaining, notClosed, log });
      const closing = new AbortController();
      this.running = { org, replication, closing };
      if (resync !== undefined) void regaining.watch(replication.translations, resync, closing.signal);
      log.info(`Target organization "${org.client.org.name}" (${org.client.org.id}) at ${org.client.host} is open.`);
      const types = await this.sourceTypes();
      this.reports.strayNames(this.strayNames(types));
      this.reports.emailsInVain(emailsInVain(this.settings.emails, types));
      this.reports.differences(this.differences(types, org.catalog));
    } catch (error) {
      await org?.close();
      await mapping.close();
      throw toOpenError(error, this.services.name, this.settings);
    }
  }

  /**
   * Incidents with something that IBM's feed could not write are loaded whole. IBM's retry rows are deleted once that
   * is durably requested.
   */
  private async takeOverRetries(resync: (incident: ObjectKey) => Promise<void>): Promise<void> {
    const { log, mapping, source } = this.services;
    const { orgId } = source;
    const incidents = await mapping.retries(orgId);
    if (incidents.length === 0) return;
    await Promise.all(incidents.map((id) => resync({ orgId, incidentId: id, type: 'incident', objectId: id })));
    await mapping.forgetRetries(orgId, incidents);
    log.info(`${incidents.length} incidents that IBM's feed still had to retry will be loaded whole.`, {
      event: 'target.retries-taken',
      count: incidents.length,
    });
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    if (this.running === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    if (context.yields === true) markYielding(context.signal);
    const inWords = (error: unknown): never => {
      throw toFeedError(error, event.key);
    };
    const result = await this.running.replication.deliver(event, context).catch(inWords);
    if (result.status !== 'delivered' || result.committed === undefined) return result;
    return { ...result, committed: result.committed.catch(inWords) };
  }

  width(): number | undefined {
    return this.limited?.width;
  }

  server(): ServerFigures | undefined {
    return this.limited?.figures;
  }

  async adopt(object: ParkedObject, targetId: number, { signal }: OpenContext): Promise<void> {
    if (this.running === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    const { org } = this.running;
    await adoptByHand(org, object, targetId, this.settings.emails, signal).catch((error: unknown) => {
      throw toFeedError(error, object.key);
    });
  }

  async recheck(objects: readonly ObjectKey[]): Promise<void> {
    const rows = this.running?.org.rows;
    if (rows === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    for (const key of objects.flatMap((one) => typesFrom(one.type).map((type) => ({ ...one, type })))) {
      const row = await rows.find(key);
      if (row?.state === 'active') await rows.flag(key, { ...row.flags, recheck: true });
    }
  }

  async link(incident: ObjectKey): Promise<string | undefined> {
    const org = this.running?.org;
    if (org === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    return org.link(incident);
  }

  /** There is nothing to flush. Reports what the target could not hold. */
  async flush(): Promise<void> {
    this.reports.lost();
  }

  /**
   * Checks the mapping and sends one small request to the organization. If the feed is not open, logs in and checks
   * everything that `open` would check. Throws `ConfigError` if the target is the organization that we feed from.
   */
  async health({ signal }: OpenContext): Promise<TargetHealth> {
    const open = this.running?.org.client;
    const what = (client: SoarClient) => `organization "${client.org.name}" (${client.org.id}) at ${client.host}`;
    try {
      if (open === undefined) return await this.probe(what, signal);
      await this.services.mapping.check();
      // Every account may ask for its session. Any other list may be hidden from it, which says nothing about the
      // organization.
      await open.rest.get('/session', { scope: 'rest', signal });
      return { state: 'up', detail: what(open) };
    } catch (error) {
      if (FeedError.is(error) && error.kind === 'config') throw error;
      const named = namingKeys(error, this.services.name, this.settings.connection);
      return { state: 'down', detail: named instanceof Error ? named.message : String(named) };
    }
  }

  private async probe(what: (client: SoarClient) => string, signal: AbortSignal): Promise<TargetHealth> {
    const { mapping, source, name, dial } = this.services;
    await mapping.inspect().catch((error: unknown) => {
      const [issue] = issuesOf(toOpenError(error, name, this.settings));
      throw issue === undefined ? error : new Error(`[${issue.section}] ${issue.key ?? ''}: ${issue.problem}`);
    });
    const client = await SoarClient.connect(this.settings.connection, { signal, dial });
    try {
      await client.rest.get('/session', { scope: 'rest', signal });
      await assertAnotherOrg(client, source, name, signal);
      const types = await this.sourceTypes();
      const differences = this.differences(types, await TargetCatalog.load(client, signal));
      const inVain = emailsInVain(this.settings.emails, types);
      const problems = [
        ...(inVain === undefined ? [] : [`[${name}] emails: ${inVain}`]),
        ...this.strayNames(types).map(({ key, problem }) => `[${name}] ${key}: ${problem}`),
        ...(differences.length === 0 ? [] : [`differs, which is left out or filled in: ${differences.join('; ')}`]),
      ];
      if (problems.length === 0) return { state: 'up', detail: what(client) };
      return { state: 'degraded', detail: `${what(client)}: ${problems.join('; ')}` };
    } finally {
      await client.close();
    }
  }

  async examine(context: ExamineContext): Promise<Examination> {
    return examine(this.settings, this.services, context).catch((error: unknown) => {
      throw toOpenError(error, this.services.name, this.settings);
    });
  }

  rehearse(rehearsal: Rehearsal): FeedTarget {
    const columnId = (table: string, column: string): number | undefined =>
      feed.running?.org.catalog.type(table)?.fields.get(column)?.id;
    const { intercept } = new RehearsedOrg((request) => rehearsal.record(request), columnId);
    const mapping = new MappingCopy(this.settings.mapping, (incidentId) => rehearsal.includes(incidentId));
    const feed = new ResilientFeed(this.settings, { ...this.services, mapping, intercept });
    return feed;
  }

  incidentFilter(other?: OtherFilter): IncidentFilter {
    return incidentFilter(this.settings.criteria, other);
  }

  insight(): TargetInsight {
    return new ResilientInsight(this.settings, this.services);
  }

  async close(): Promise<void> {
    this.reports.lost();
    await this.shut();
  }

  private async shut(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    running?.closing.abort();
    await running?.org.close();
    this.limited?.leave();
    this.limited = undefined;
  }

  /** A fixed `concurrency` without another bound is not limited here. */
  private join(concurrency: number | undefined, adaptive: boolean): LimitedServer | undefined {
    const { connection, maxConcurrency, maxRequestsPerSecond } = this.settings;
    if (!adaptive && maxRequestsPerSecond === undefined) return undefined;
    const most = adaptive ? maxConcurrency : (concurrency ?? maxConcurrency);
    return this.services.limits?.join(connection, { adaptive, maxConcurrency: most, maxRequestsPerSecond });
  }

  /** The types are needed for reports only, so the target opens without them if the source does not show them. */
  private async sourceTypes(): Promise<readonly TypeSchema[]> {
    const { source, log } = this.services;
    return source.types().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`The source does not show its types, so differences of the target are not known: ${why}`, {
        event: 'target.differences-unknown',
      });
      return [];
    });
  }

  private differences(types: readonly TypeSchema[], catalog: TargetCatalog): readonly string[] {
    return types.length === 0 ? [] : schemaDifferences(types, catalog, this.settings.exclude);
  }

  private strayNames(types: readonly TypeSchema[]): readonly StrayName[] {
    const { criteria, exclude } = this.settings;
    const incidents = types.find(({ name }) => name === 'incident');
    return incidents === undefined ? [] : strayNames(criteria, exclude, incidents);
  }
}

function issuesOf(error: unknown): readonly ConfigIssue[] {
  return FeedError.is(error) && 'issues' in error ? (error.issues as readonly ConfigIssue[]) : [];
}
