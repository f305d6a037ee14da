import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { toOpenMetrics } from './toOpenMetrics.js';
import type { MetricLabels, Metrics } from '../contract/Metrics.js';

/** Every metric of core, by the name it has in code. Targets add their own under their type's prefix. */
export const metricNames = {
  /** Events that ended: `result` is created, updated, deleted, unchanged, skipped, superseded, waiting, deferred, failed, … */
  events: 'soar_feed_events_total',
  /** Calls of a target, repeats included. */
  attempts: 'soar_feed_attempts_total',
  /** How long one call of a target took. */
  deliverySeconds: 'soar_feed_delivery_seconds',
  /** From a change at the source until the target has it. */
  arrivalSeconds: 'soar_feed_arrival_seconds',
  /** Age of the oldest change that has not arrived and still comes by itself; 0 when there is none. */
  lagSeconds: 'soar_feed_lag_seconds',
  /** Events accepted and not yet ended. */
  laneDepth: 'soar_feed_lane_depth',
  /** Age of the oldest event that has not ended; 0 when there is none. */
  oldestEventSeconds: 'soar_feed_oldest_event_seconds',
  /** Rows parked, by reason: waiting, deferred, failed, undecided, resync. */
  parked: 'soar_feed_parked',
  /** 1 while the target is open, else 0. */
  up: 'soar_feed_up',
  /** Requests that a server may have at once, where that is found out (`concurrency=auto`). */
  serverLimit: 'soar_feed_server_limit',
  /** Requests under way at a server. */
  serverInFlight: 'soar_feed_server_in_flight',
  /** Requests that wait for the limit of a server. */
  serverWaiting: 'soar_feed_server_waiting',
  /** How long a server takes for a request, on average of the last ones. */
  serverLatencySeconds: 'soar_feed_server_latency_seconds',
  /** Messages taken from the queue: `result` is settled, repeated, undecodable, … */
  messages: 'soar_feed_messages_total',
  /** 1 while the queue is subscribed, else 0. */
  queueConnected: 'soar_feed_queue_connected',
} as const;

interface Spec {
  readonly help: string;
  readonly labels: readonly string[];
  /** Seconds; default `SECONDS_BUCKETS`. */
  readonly buckets?: readonly number[];
}

/** From the fastest delivery to a target that was away for a day. */
const ARRIVAL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

const SPECS: Readonly<Record<string, Spec>> = {
  [metricNames.events]: { help: 'Events that ended, by result', labels: ['feed', 'type', 'result'] },
  [metricNames.attempts]: { help: 'Calls of a target, repeats included', labels: ['feed'] },
  [metricNames.deliverySeconds]: { help: 'Duration of one call of a target', labels: ['feed'] },
  [metricNames.arrivalSeconds]: {
    help: 'From a change at the source until the target has it',
    labels: ['feed'],
    buckets: ARRIVAL_BUCKETS,
  },
  [metricNames.lagSeconds]: { help: 'Age of the oldest change that has not arrived', labels: ['feed'] },
  [metricNames.laneDepth]: { help: 'Events accepted and not yet ended', labels: ['feed'] },
  [metricNames.oldestEventSeconds]: { help: 'Age of the oldest event that has not ended', labels: ['feed'] },
  [metricNames.parked]: { help: 'Parked rows by reason', labels: ['feed', 'reason'] },
  [metricNames.up]: { help: '1 while the target is open', labels: ['feed'] },
  [metricNames.serverLimit]: { help: 'Requests that a server may have at once', labels: ['server'] },
  [metricNames.serverInFlight]: { help: 'Requests under way at a server', labels: ['server'] },
  [metricNames.serverWaiting]: { help: 'Requests that wait for the limit of a server', labels: ['server'] },
  [metricNames.serverLatencySeconds]: { help: 'Duration of a request, average of the last ones', labels: ['server'] },
  [metricNames.messages]: { help: 'Messages taken from the queue, by result', labels: ['queue', 'result'] },
  [metricNames.queueConnected]: { help: '1 while the queue is subscribed', labels: ['queue'] },
};

/** From a loopback write to a target that answers at its timeout. */
const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Metric = Counter | Gauge | Histogram;

/**
 * Metrics on a registry of their own, so that two hosts in one process do not mix. A metric that core does not know is
 * created at its first use, with the labels of that use. Later uses omit or blank the labels that differ, rather than
 * fail a delivery.
 */
export class PromMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly made = new Map<string, { readonly metric: Metric; readonly labels: readonly string[] }>();

  /**
   * `ofProcess`: also the metrics that any Node.js process has of itself (memory, event loop), under their usual names.
   */
  constructor({ ofProcess = false }: { readonly ofProcess?: boolean } = {}) {
    if (ofProcess) collectDefaultMetrics({ register: this.registry });
  }

  count(name: string, labels: MetricLabels = {}, by = 1): void {
    const [counter, values] = this.find(name, labels, Counter);
    counter.inc(values, by);
  }

  gauge(name: string, value: number, labels: MetricLabels = {}): void {
    const [gauge, values] = this.find(name, labels, Gauge);
    gauge.set(values, value);
  }

  observe(name: string, seconds: number, labels: MetricLabels = {}): void {
    const [histogram, values] = this.find(name, labels, Histogram);
    histogram.observe(values, seconds);
  }

  /** The exposition for a scrape, in Prometheus' text format; `contentType` goes with it. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The same as OpenMetrics 1.0. */
  async openMetrics(): Promise<string> {
    return toOpenMetrics(await this.text());
  }

  get openMetricsContentType(): string {
    return Registry.OPENMETRICS_CONTENT_TYPE;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Throws `TypeError` when the name already stands for a metric of another kind: a mistake in the program. */
  private find<M extends Metric>(
    name: string,
    labels: MetricLabels,
    kind: new (options: {
      name: string;
      help: string;
      labelNames: string[];
      registers: Registry[];
      buckets?: number[];
    }) => M,
  ): [M, MetricLabels] {
    const known = this.made.get(name) ?? this.make(name, labels, kind);
    if (!(known.metric instanceof kind))
      throw new TypeError(`Metric ${name} is a ${known.metric.constructor.name}, not a ${kind.name}.`);
    return [known.metric, Object.fromEntries(known.labels.map((label) => [label, labels[label] ?? '']))];
  }

  private make<M extends Metric>(
    name: string,
    labels: MetricLabels,
    kind: new (options: {
      name: string;
      help: string;
      labelNames: string[];
      registers: Registry[];
      buckets?: number[];
    }) => M,
  ): { metric: M; labels: readonly string[] } {
    const spec: Spec = (Object.hasOwn(SPECS, name) ? SPECS[name] : undefined) ?? {
      help: name,
      labels: Object.keys(labels),
    };
    const metric = new kind({
      name,
      help: spec.help,
      labelNames: [...spec.labels],
      registers: [this.registry],
      ...(kind.prototype === Histogram.prototype ? { buckets: [...(spec.buckets ?? SECONDS_BUCKETS)] } : {}),
    });
    const made = { metric, labels: spec.labels };
    this.made.set(name, made);
    return made;
  }
}
