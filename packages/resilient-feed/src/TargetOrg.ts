import type { Clock, Logger, SoarObject, SourceOrg } from '@soar-feed/core';
import { SoarApiError, SoarClient } from '@soar-feed/soar-client';
import type { SoarConnection } from '@soar-feed/soar-client';
import type { MappingStore } from './mapping/MappingStore.js';
import { TargetCatalog } from './translate/TargetCatalog.js';
import { DefaultNotes } from './write/DefaultNotes.js';
import { DeletedThreads } from './write/DeletedThreads.js';
import type { Doubts } from './write/Doubts.js';
import { LostReplicas } from './write/LostReplicas.js';
import { ObjectWriters } from './write/ObjectWriters.js';
import { OrgBehaviour } from './write/OrgBehaviour.js';
import { OrgWriter } from './write/OrgWriter.js';
import { Refinding } from './write/Refinding.js';
import { Removal } from './write/Removal.js';
import type { Settling } from './write/Settling.js';
import { TargetTasks } from './write/TargetTasks.js';
import { Unmatching } from './write/Unmatching.js';

export interface TargetOrgServices {
  readonly connection: SoarConnection;
  readonly mapping: MappingStore;
  readonly source: Pick<SourceOrg, 'host' | 'orgId'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** These two outlive an opening, as the parked rows and the intents do. */
  readonly doubts: Doubts;
  readonly settling: Settling;
}

/** The target organization while it is open: logged in, its schema known, its mapping at hand. */
export class TargetOrg {
  static async open(services: TargetOrgServices, signal: AbortSignal): Promise<TargetOrg> {
    const { connection, log } = services;
    const client = await SoarClient.connect(connection, {
      signal,
      onRetry: (info) => log.debug('A request to the target is repeated.', { ...info }),
    });
    try {
      await services.mapping.open(client.org.id);
      const [catalog, behaviour, lost] = await Promise.all([
        TargetCatalog.load(client, signal),
        behaviourOf(client, signal),
        LostReplicas.load(client, services.mapping, services.source, log, signal),
      ]);
      return new TargetOrg(client, catalog, behaviour, lost, services);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  readonly mapping: MappingStore;
  readonly writers: ObjectWriters;
  readonly writer: OrgWriter;
  readonly removal: Removal;
  readonly defaultNotes: DefaultNotes;
  readonly deletedThreads: DeletedThreads;
  readonly refinding: Refinding;
  readonly doubts: Doubts;
  readonly unmatching: Unmatching;

  private constructor(
    readonly client: SoarClient,
    readonly catalog: TargetCatalog,
    behaviour: OrgBehaviour,
    lost: LostReplicas,
    { mapping, source, clock, doubts, settling }: TargetOrgServices,
  ) {
    const tasks = new TargetTasks(client, mapping, clock);
    this.mapping = mapping;
    this.writers = new ObjectWriters(client, catalog, behaviour, tasks, clock);
    this.writer = new OrgWriter(mapping, this.writers, tasks, settling, client.principal.id);
    this.removal = new Removal(mapping, this.writers);
    this.deletedThreads = new DeletedThreads(mapping, this.writer, this.removal, this.writers);
    this.defaultNotes = new DefaultNotes(client, mapping, settling, source);
    this.doubts = doubts;
    this.refinding = new Refinding({
      mapping,
      writers: this.writers,
      lost,
      doubts,
      clock,
      principalId: client.principal.id,
    });
    this.unmatching = new Unmatching(mapping, this.writer, this.removal);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.mapping.close();
  }
}

const MEGABYTE = 1024 * 1024;

/** The platform's limits for files; 25 MB each where it does not say (IBM's default). */
async function behaviourOf(client: SoarClient, signal: AbortSignal): Promise<OrgBehaviour> {
  const limits = await constants(client, signal);
  const bytes = (name: string): number => (typeof limits[name] === 'number' ? limits[name] : 25) * MEGABYTE;
  return new OrgBehaviour(bytes('max_attachment_mb'), bytes('max_artifact_mb'));
}

async function constants(client: SoarClient, signal: AbortSignal): Promise<SoarObject> {
  try {
    return await client.rest.get<SoarObject>('/const', { scope: 'rest', signal });
  } catch (error) {
    if (!SoarApiError.is(error) || error.unavailable) throw error;
    return {};
  }
}
