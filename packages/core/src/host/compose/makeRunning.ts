import { SoarClient } from '@soar-feed/soar-client';
import type { HostConfig } from '../../config/loadHostConfig.js';
import { namingKeys } from '../../config/namingKeys.js';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { Feed } from '../../delivery/Feed.js';
import { QueueIntake } from '../../intake/queue/QueueIntake.js';
import { ReloadIntake } from '../../intake/reload/ReloadIntake.js';
import { Reloads } from '../../intake/reload/Reloads.js';
import { RowReturn } from '../../parking/return/RowReturn.js';
import { FeedRouter } from '../../routing/FeedRouter.js';
import { sourceTypes } from '../../shape/sourceTypes.js';
import { TypeCatalog } from '../../shape/TypeCatalog.js';
import { OwnWrites } from '../../showing/OwnWrites.js';
import { ShownInSource } from '../../showing/ShownInSource.js';
import { EventFactory } from '../../source/EventFactory.js';
import { SourceReader } from '../../source/SourceReader.js';
import { SourceTime } from '../../source/SourceTime.js';
import { TimeSeries } from '../../source/TimeSeries.js';
import type { HostBasics } from './hostContainer.js';
import type { FeedsContext, FeedWithRows } from './makeFeeds.js';
import { resyncIncident } from '../resyncIncident.js';
import { syncIncidents } from '../syncIncidents.js';
import { openPatiently } from '../../source/patience/openIncidents.js';
import type { Patience } from '../../source/patience/Patience.js';

/** What exists only between start and stop. */
export interface Running {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly feeds: readonly Feed[];
  readonly reloads: Reloads;
  /** The way back of each feed's parked rows. */
  readonly returns: readonly RowReturn[];
  readonly intake: QueueIntake;
  readonly source: SourceReader;
  /** By feed; see `FeedWithRows.renew`. */
  readonly renewals: ReadonlyMap<string, (config: unknown) => void>;
  readonly sourceTime: SourceTime;
  /** Absent: no feed shows itself in the source. */
  readonly shown?: ShownInSource;
}

export interface RunningContext extends FeedsContext {
  /** For the questions of the start. */
  readonly patience: Patience;
  /** Whether to wait for a source that is away as long as it takes. */
  readonly patient: boolean;
  /** Aborted when the host stops: ends everything that reads. */
  readonly stopping: AbortSignal;
}

/** Connects the source and puts the parts of a host together; nothing runs yet. Throws as `FeedHost.start`. */
export async function makeRunning(
  { resilient, feeds: settings }: HostConfig,
  { log, clock, store, metrics, dial }: Omit<HostBasics, 'root'>,
  { patience, patient, stopping: signal, durably, watch }: RunningContext,
  /** Makes the feeds once the source is known: targets may ask for it. */
  makeFeeds: (source: SourceReader) => readonly FeedWithRows[],
): Promise<Running> {
  const onUnread = (what: string, error: Error): void =>
    log.warn(`The source does not give ${what}; the default is assumed: ${error.message}`, { event: 'source.unread' });
  const { connection } = resilient;
  const connect = (): Promise<SoarClient> =>
    SoarClient.connect(connection, { signal, onUnread, dial }).catch((error: unknown) => {
      throw namingKeys(error, 'resilient', connection);
    });
  const client = await patience.ask('The source', connect);
  const catalog = new TypeCatalog(
    async () => sourceTypes(await client.types.all({ signal }), settings.emails),
    clock,
    log,
  );
  let shown: ShownInSource | undefined;
  const events = new EventFactory(client, (incident) => shown?.learn(incident));
  const source = new SourceReader(client, catalog, events, clock, new TimeSeries(client, settings.timeSeries, log));
  const sourceTime = new SourceTime(clock, client.clock);
  const made = makeFeeds(source);
  const feeds = made.map(({ feed }) => feed);
  const own = new OwnWrites();
  const showing = made.flatMap((each) => each.shown ?? []);
  if (showing.length > 0)
    shown = new ShownInSource({ client, feeds: showing, store, own, watch, clock, log, stopping: signal });
  const isOwnEcho = (incident: SoarObject): boolean => {
    shown?.learn(incident);
    return own.isEcho(incident);
  };
  const router = new FeedRouter(feeds, settings.workspaces);
  const shared = { catalog, events, router, log, clock };
  const openIncidents = openPatiently({ client, catalog, source, log, clock });
  const reload = new ReloadIntake({ ...shared, client, openIncidents, pageSize: settings.reloadPageSize });
  const reloads = new Reloads({
    ...{ intake: reload, feeds, settings, log, clock, durably, checkpoints: store.checkpoints },
    signal,
    sourceClock: client.clock,
    waits: patient ? 'nobody' : 'somebody',
  });
  const returns = made.map(({ feed, parking }) => {
    const resync = (incidentId: number): Promise<void> => resyncIncident(reload, feed, incidentId, signal);
    return new RowReturn({ feed, parking, source, log, clock, resync });
  });
  const isEnded = async (id: number, until: AbortSignal): Promise<boolean> => {
    const instance = await client.rest.get<SoarObject>(`/workflow_instances/${id}`, { signal: until });
    return /terminat|cancel/i.test(String(instance['status']));
  };
  const intake = new QueueIntake({
    ...{ queueName: settings.queue, router, source, sourceTime, watch, store, log, metrics, clock },
    decode: {
      catalog,
      events,
      emails: settings.emails,
      now: () => sourceTime.now(),
      ...(shown === undefined ? {} : { isOwnEcho }),
    },
    durably,
    stopping: signal,
    sync: (request, progress) => syncIncidents(reloads, request, progress, { clock, stopping: signal, isEnded }),
  });
  const renewals = new Map(made.map(({ feed, renew }) => [feed.name, renew]));
  return {
    client,
    catalog,
    feeds,
    reloads,
    returns,
    intake,
    source,
    sourceTime,
    renewals,
    ...(shown === undefined ? {} : { shown }),
  };
}
