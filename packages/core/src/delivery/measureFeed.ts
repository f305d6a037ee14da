import type { Metrics } from '../contract/Metrics.js';
import { metricNames } from '../telemetry/metrics.js';
import type { FeedStatus } from './FeedStatus.js';

/** Sets the gauges of a feed. */
export function measureFeed(metrics: Metrics, { name, state, queued, oldestMs = 0, parked }: FeedStatus): void {
  const labels = { feed: name };
  metrics.gauge(metricNames.laneDepth, queued, labels);
  metrics.gauge(metricNames.oldestEventSeconds, oldestMs / 1000, labels);
  metrics.gauge(metricNames.up, state === 'up' ? 1 : 0, labels);
  for (const [reason, count] of Object.entries(parked)) metrics.gauge(metricNames.parked, count, { ...labels, reason });
}
