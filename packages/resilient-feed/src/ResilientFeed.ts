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
  Logger,
  ObjectKey,
  OpenContext,
  ParkedObject,
  SourceOrg,
  TargetHealth,
  TargetInsight,
  TypeSchema,
} from '@soar-feed/core';
import { SoarClient } from '@soar-feed/soar-client';
import type { Dial } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from './config.js';
import { examine } from './examine/examine.js';
import { assertAnotherOrg } from './echo/assertAnotherOrg.js';
import { ResilientInsight } from './insight/ResilientInsight.js';
import type { MappingStore } from './mapping/MappingStore.js';
import { Replication } from './replicate/Replication.js';
import { TargetOrg } from './TargetOrg.js';
import type { Source } from './TargetOrg.js';
import { LossReport } from './translate/LossReport.js';
import { schemaDifferences } from './translate/schemaDifferences.js';
import { TargetCatalog } from './translate/TargetCatalog.js';
import { adoptByHand } from './write/find/adoptByHand.js';
import { strayNames } from './filter/strayNames.js';
import type { StrayName } from './filter/strayNames.js';
import { Doubts } from './write/find/Doubts.js';
import { Settling } from './write/create/Settling.js';
import { toFeedError, toOpenError } from './toFeedError.js';

export interface ResilientFeedServices {
  readonly mapping: MappingStore;
  readonly source: Source & Pick<SourceOrg, 'types'>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Absent: TLS connections of our own. */
  readonly dial?: Dial | undefined;
  /** The feed's section in the config file. */
  readonly name: string;
}

/** Another SOAR organization as the target: each object of the source becomes one object there. */
export class ResilientFeed implements FeedTarget {
  readonly capabilities = { deletes: 'apply', content: true, concurrency: 16 } as const;
  private readonly losses = new LossReport();
  private readonly doubts: Doubts;
  private readonly settling: Settling;
  private reportedLosses = 0;
  private reportedDifferences = '';
  private readonly reportedNames = new Set<string>();
  private running: { readonly org: TargetOrg; readonly replication: Replication } | undefined;

  constructor(
    private readonly settings: ResilientFeedSettings,
    private readonly services: ResilientFeedServices,
  ) {
    this.doubts = new Doubts(services.mapping);
    this.settling = new Settling(services.clock, settings.createSettleMs);
  }

  /**
   * Throws `UnavailableError` if the organization or the mapping cannot be used now, and `ConfigError` if only a change
   * of the config can help.
   */
  async open({ signal, resync }: OpenContext): Promise<void> {
    await this.shut();
    const { log, source, mapping } = this.services;
    for (const note of this.settings.criteria.notes) log.info(`matching_incident_fields: ${note}`);
    let org: TargetOrg | undefined;
    try {
      // First of all: a wrong file is reported even while the organization is away.
      await mapping.inspect();
      org = await TargetOrg.open(
        { ...this.settings, ...this.services, doubts: this.doubts, settling: this.settling },
        signal,
      );
      if (resync !== undefined) await this.takeOverRetries(resync);
      this.running = {
        org,
        replication: new Replication(org, source.host, this.settings, this.losses, log, this.reportedNames),
      };
      log.info(`Target organization "${org.client.org.name}" (${org.client.org.id}) at ${org.client.host} is open.`);
      const types = await this.sourceTypes();
      this.reportStrayNames(types);
      this.reportDifferences(this.differences(types, org.catalog));
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
    const inWords = (error: unknown): never => {
      throw toFeedError(error, event.key);
    };
    const result = await this.running.replication.deliver(event, context).catch(inWords);
    if (result.status !== 'delivered' || result.committed === undefined) return result;
    return { ...result, committed: result.committed.catch(inWords) };
  }

  async adopt(object: ParkedObject, targetId: number, { signal }: OpenContext): Promise<void> {
    if (this.running === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    await adoptByHand(this.running.org, object, targetId, signal).catch((error: unknown) => {
      throw toFeedError(error, object.key);
    });
  }

  async recheck(objects: readonly ObjectKey[]): Promise<void> {
    const rows = this.running?.org.rows;
    if (rows === undefined)
      throw new UnavailableError('The target organization is not open.', { code: 'target-closed' });
    for (const key of objects) {
      const row = await rows.find(key);
      if (row?.state === 'active') await rows.flag(key, { ...row.flags, recheck: true });
    }
  }

  /** There is nothing to flush. Reports what the target could not hold. */
  async flush(): Promise<void> {
    this.reportLosses();
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
      const problems = [
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

  insight(): TargetInsight {
    return new ResilientInsight(this.settings, this.services);
  }

  async close(): Promise<void> {
    this.reportLosses();
    await this.shut();
  }

  private async shut(): Promise<void> {
    const org = this.running?.org;
    this.running = undefined;
    await org?.close();
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

  /**
   * Reports each name once, however often the feed opens. A filter on a field that does not exist may let nothing
   * through.
   */
  private reportStrayNames(types: readonly TypeSchema[]): void {
    const { log, name: section } = this.services;
    for (const { key, name, problem } of this.strayNames(types)) {
      const known = key === 'matching_incident_fields' ? name : `${key} ${name}`;
      if (this.reportedNames.has(known)) continue;
      this.reportedNames.add(known);
      log.warn(`[${section}] ${key}: ${problem}`, { event: 'filter.unknown-field' });
    }
  }

  /** Reports them once, however often the feed opens. */
  private reportDifferences(differences: readonly string[]): void {
    const text = differences.join('\n');
    if (text === this.reportedDifferences) return;
    this.reportedDifferences = text;
    this.services.log.warn(`The target differs; what it lacks is left out, what it requires is filled in:\n${text}`, {
      event: 'target.differences',
      count: differences.length,
    });
  }

  private reportLosses(): void {
    if (this.losses.total === this.reportedLosses) return;
    this.reportedLosses = this.losses.total;
    this.services.log.warn(`Not carried over into the target so far:\n${this.losses.summary()}`, {
      event: 'target.losses',
      total: this.reportedLosses,
    });
  }
}

function issuesOf(error: unknown): readonly ConfigIssue[] {
  return FeedError.is(error) && 'issues' in error ? (error.issues as readonly ConfigIssue[]) : [];
}
