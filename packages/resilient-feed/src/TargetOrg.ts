import type { Clock, Logger, ObjectKey, SoarObject, SourceOrg } from '@soar-feed/core';
import { SoarClient } from '@soar-feed/soar-client';
import type { Admission, Dial, Interceptor, LimitedServer, Pass, SoarConnection } from '@soar-feed/soar-client';
import { Clocks } from './Clocks.js';
import { assertAnotherOrg } from './echo/assertAnotherOrg.js';
import { Echoes } from './echo/Echoes.js';
import { optionalReading } from './optionalReading.js';
import type { Creates } from './mapping/Creates.js';
import type { MappingStore } from './mapping/MappingStore.js';
import type { Rows } from './mapping/Rows.js';
import { TargetCatalog } from './translate/TargetCatalog.js';
import type { BundleSupport } from './write/create/BundleSupport.js';
import { Bundles } from './write/create/Bundles.js';
import { DefaultNotes } from './write/create/DefaultNotes.js';
import { DeletedThreads } from './write/remove/DeletedThreads.js';
import type { Doubts } from './write/find/Doubts.js';
import { SourceEquals } from './write/find/SourceEquals.js';
import { LostIncidents } from './write/find/LostIncidents.js';
import { ObjectWriters } from './write/types/ObjectWriters.js';
import { OrgBehaviour } from './write/types/OrgBehaviour.js';
import { CreateOnce } from './write/create/CreateOnce.js';
import { Refinding } from './write/find/Refinding.js';
import { Removal } from './write/remove/Removal.js';
import type { Settling } from './write/create/Settling.js';
import { TargetTasks } from './write/types/TargetTasks.js';
import { Unpacking } from './write/create/Unpacking.js';
import { Unmatching } from './write/remove/Unmatching.js';
import { Updates } from './write/update/Updates.js';
import type { Unrecorded } from './write/update/Unrecorded.js';

/** What this target needs of the source. */
export type Source = Pick<SourceOrg, 'host' | 'orgId' | 'orgUuid' | 'principalId' | 'notes' | 'fetch' | 'serverClock'>;

export interface TargetOrgServices {
  readonly connection: SoarConnection;
  readonly mapping: MappingStore;
  /** The feed's section in the config file. */
  readonly name: string;
  readonly source: Source;
  readonly clock: Clock;
  readonly log: Logger;
  /** The most deliveries at once. */
  readonly concurrency?: number | undefined;
  readonly dial?: Dial | undefined;
  /** Says when each request may be sent; absent: at once. */
  readonly limited?: LimitedServer | undefined;
  /** In a rehearsal. */
  readonly intercept?: Interceptor | undefined;
  /** These outlive an opening: what they know is as true after it. */
  readonly doubts: Doubts;
  readonly settling: Settling;
  readonly unrecorded: Unrecorded;
  readonly support: BundleSupport;
}

/** Requests that change something are sent only while no other host can have taken the mapping over. */
function whileOurs(mapping: MappingStore, limited: LimitedServer | undefined): Admission {
  return {
    async enter(request) {
      const pass = await (limited?.enter(request) ?? UNLIMITED);
      if (request.effect === 'read') return pass;
      const { answered, failed } = pass;
      return { answered, failed, sending: () => mapping.assertOurs() };
    },
  };
}

const UNLIMITED: Pass = { answered: () => undefined, failed: () => undefined };

/** For what a feed reads when it opens. */
const LEAST_SOCKETS = 4;

/** The target organization while it is open: logged in, with its schema and its mapping. */
export class TargetOrg {
  static async open(services: TargetOrgServices, signal: AbortSignal): Promise<TargetOrg> {
    const { log, dial, intercept, limited, concurrency = 16 } = services;
    // A delivery may read while another one that lent it its slot writes.
    const maxSockets = Math.max(LEAST_SOCKETS, 2 * concurrency);
    const client = await SoarClient.connect(
      { maxSockets, ...services.connection },
      {
        signal,
        dial,
        intercept,
        admission: whileOurs(services.mapping, limited),
        onRetry: (info) => log.debug('A request to the target is repeated.', { ...info }),
      },
    );
    try {
      await assertAnotherOrg(client, services.source, services.name, signal);
      await services.mapping.open(client.org.id);
      const clocks = clocksOf(services, client);
      const [catalog, behaviour] = await Promise.all([
        TargetCatalog.load(client, signal, () => services.clock.steadyMs(), log),
        behaviourOf(client, signal),
      ]);
      const { rows } = services.mapping;
      const lost = await LostIncidents.load({ ...services, client, rows, catalog, clocks }, signal);
      return new TargetOrg(client, catalog, behaviour, lost, clocks, services);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  readonly rows: Rows;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
  readonly updates: Updates;
  readonly createOnce: CreateOnce;
  readonly removal: Removal;
  readonly defaultNotes: DefaultNotes;
  readonly bundles: Bundles;
  readonly unpacking: Unpacking;
  readonly deletedThreads: DeletedThreads;
  readonly refinding: Refinding;
  readonly doubts: Doubts;
  readonly unmatching: Unmatching;
  readonly echoes: Echoes;

  private readonly mapping: MappingStore;
  private readonly port: number;

  private constructor(
    readonly client: SoarClient,
    readonly catalog: TargetCatalog,
    behaviour: OrgBehaviour,
    lost: LostIncidents,
    readonly clocks: Clocks,
    { connection, mapping, source, clock, log, doubts, settling, unrecorded, support }: TargetOrgServices,
  ) {
    const { rows, creates } = mapping;
    const tasks = new TargetTasks(client, rows, clock);
    const principalId = client.principal.id;
    this.mapping = mapping;
    this.port = connection.port ?? 443;
    this.rows = rows;
    this.creates = creates;
    this.writers = new ObjectWriters(client, catalog, behaviour, tasks, clock);
    const { writers } = this;
    this.updates = new Updates({ rows, creates, writers, unrecorded });
    const { updates } = this;
    this.createOnce = new CreateOnce({ rows, creates, writers, updates, tasks, settling, clocks, principalId });
    this.removal = new Removal(rows, writers);
    this.deletedThreads = new DeletedThreads(rows, creates, this.createOnce, this.removal, writers);
    this.defaultNotes = new DefaultNotes({ client, creates, settling, clocks, clock, source, support });
    this.bundles = new Bundles({ rows, creates, writers, support, clocks, catalog, principalId });
    const { bundles } = this;
    this.unpacking = new Unpacking({ bundles, creates, writers, support, clocks, clock });
    this.doubts = doubts;
    this.refinding = new Refinding({
      ...{ rows, creates, writers, lost, doubts, clocks, principalId },
      equals: new SourceEquals(source, rows),
    });
    this.echoes = new Echoes({ client, incidents: writers.incidents, rows, source, clock, log });
    this.unmatching = new Unmatching(rows, updates, this.removal);
  }

  /** Where people see an incident's counterpart, as the platform's own pages are addressed (resilient-lib). */
  async link(incident: ObjectKey): Promise<string | undefined> {
    const row = await this.rows.find(incident);
    if (row?.state !== 'active' || row.target === undefined) return undefined;
    const { host } = this.client;
    return `https://${host}${this.port === 443 ? '' : `:${this.port}`}/#incidents/${row.target.objectId}`;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.mapping.close();
  }
}

function clocksOf({ clock, source }: TargetOrgServices, client: SoarClient): Clocks {
  return new Clocks(
    clock,
    () => client.clock,
    () => source.serverClock,
  );
}

const MEGABYTE = 1024 * 1024;

/** The platform's size limits for files. IBM's default of 25 MB applies to those it does not show. */
async function behaviourOf(client: SoarClient, signal: AbortSignal): Promise<OrgBehaviour> {
  const limits = await constants(client, signal);
  const bytes = (name: string): number => (typeof limits[name] === 'number' ? limits[name] : 25) * MEGABYTE;
  return new OrgBehaviour(bytes('max_attachment_mb'), bytes('max_artifact_mb'));
}

async function constants(client: SoarClient, signal: AbortSignal): Promise<SoarObject> {
  try {
    return await optionalReading(
      (within) => client.rest.get<SoarObject>('/const', { scope: 'rest', signal: within }),
      signal,
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return {};
  }
}
