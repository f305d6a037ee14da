import { Container } from 'inversify';
import type { Clock } from '../contract/Clock.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { SourceOrg } from '../contract/SourceOrg.js';
import { FeedTokens } from '../contract/tokens.js';
import { MemoryStore } from '../parking/MemoryStore.js';
import { PromMetrics } from '../telemetry/metrics.js';
import { systemClock } from './systemClock.js';

/** What a target that is only probed gets injected: as from a host, but nothing in it is durable. */
export function checkContainer(source: SourceOrg, log: Logger): Container {
  const root = new Container();
  root.bind<Clock>(FeedTokens.Clock).toConstantValue(systemClock);
  root.bind<Metrics>(FeedTokens.Metrics).toConstantValue(new PromMetrics());
  root.bind<FeedStore>(FeedTokens.Store).toConstantValue(new MemoryStore());
  root.bind<Logger>(FeedTokens.Logger).toConstantValue(log);
  root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
  return root;
}
