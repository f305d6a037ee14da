import type { ServerFigures } from '@soar-feed/soar-client';
import type { Metrics } from '../contract/Metrics.js';
import { metricNames } from '../telemetry/metrics.js';
import type { FeedStatus } from './FeedStatus.js';

/** Sets the gauges of a feed. */
export function measureFeed(
  metrics: Metrics,
  { name, state, queued, oldestMs = 0, parked, pace, server }: FeedStatus,
): void {
  const labels = { feed: name };
  metrics.gauge(metricNames.laneDepth, queued, labels);
  metrics.gauge(metricNames.oldestEventSeconds, oldestMs / 1000, labels);
  metrics.gauge(metricNames.lagSeconds, pace.lagSeconds, labels);
  metrics.gauge(metricNames.up, state === 'up' ? 1 : 0, labels);
  if (server !== undefined) measureServer(metrics, server);
  for (const [reason, count] of Object.entries(parked)) metrics.gauge(metricNames.parked, count, { ...labels, reason });
}

/** Feeds of one server set the same values. */
function measureServer(metrics: Metrics, { server, limit, inFlight, waiting, latencyMs }: ServerFigures): void {
  const labels = { server };
  if (limit !== undefined) metrics.gauge(metricNames.serverLimit, limit, labels);
  metrics.gauge(metricNames.serverInFlight, inFlight, labels);
  metrics.gauge(metricNames.serverWaiting, waiting, labels);
  if (latencyMs !== undefined) metrics.gauge(metricNames.serverLatencySeconds, latencyMs / 1000, labels);
}
