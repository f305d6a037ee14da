import { ServerLimits } from '@soar-feed/soar-client';
import type { Dial } from '@soar-feed/soar-client';
import { Container } from 'inversify';
import type { ContainerModule } from 'inversify';
import type { Clock } from '../../contract/Clock.js';
import type { FeedStore } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { Metrics } from '../../contract/Metrics.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import { FeedTokens } from '../../contract/tokens.js';
import { MemoryStore } from '../../parking/MemoryStore.js';
import { PromMetrics } from '../../telemetry/metrics.js';
import { systemClock } from '../systemClock.js';

export interface ContainerOptions {
  /** Used where no module binds a logger. */
  readonly log: () => Logger;
  /** Rebind what they like. */
  readonly modules?: readonly ContainerModule[];
}

/** What a host works with, and what its targets get injected. */
export interface HostBasics {
  readonly root: Container;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly store: FeedStore;
  /** Absent: TLS connections of our own. */
  readonly dial?: Dial;
}

/** The host's container: what the modules bind, and the defaults. */
export function hostContainer({ log, modules = [] }: ContainerOptions): HostBasics {
  const root = new Container();
  for (const module of modules) root.load(module);
  if (!root.isBound(FeedTokens.Clock)) root.bind<Clock>(FeedTokens.Clock).toConstantValue(systemClock);
  if (!root.isBound(FeedTokens.Metrics)) root.bind<Metrics>(FeedTokens.Metrics).toConstantValue(new PromMetrics());
  if (!root.isBound(FeedTokens.ServerLimits))
    root.bind<ServerLimits>(FeedTokens.ServerLimits).toConstantValue(new ServerLimits());
  if (!root.isBound(FeedTokens.Logger)) root.bind<Logger>(FeedTokens.Logger).toConstantValue(log());
  if (!root.isBound(FeedTokens.Store)) {
    root.bind<FeedStore>(FeedTokens.Store).toConstantValue(new MemoryStore());
    root
      .get<Logger>(FeedTokens.Logger)
      .warn('No durable store is configured: parked events are kept in memory and are lost with the process.', {
        event: 'store.memory',
      });
  }
  return {
    root,
    log: root.get<Logger>(FeedTokens.Logger),
    metrics: root.get<Metrics>(FeedTokens.Metrics),
    clock: root.get<Clock>(FeedTokens.Clock),
    store: root.get<FeedStore>(FeedTokens.Store),
    ...(root.isBound(FeedTokens.Dial) ? { dial: root.get<Dial>(FeedTokens.Dial) } : {}),
  };
}

/** The container of a target that is only probed: nothing in it is durable. */
export function checkContainer(source: SourceOrg, log: Logger): Container {
  const root = new Container();
  root.bind<Clock>(FeedTokens.Clock).toConstantValue(systemClock);
  root.bind<Metrics>(FeedTokens.Metrics).toConstantValue(new PromMetrics());
  root.bind<FeedStore>(FeedTokens.Store).toConstantValue(new MemoryStore());
  root.bind<Logger>(FeedTokens.Logger).toConstantValue(log);
  root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
  return root;
}
