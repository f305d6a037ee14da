export type MetricLabels = Readonly<Record<string, string>>;

/** Counters and gauges a target may add under its type's prefix; core's own are in `telemetry/metrics`. */
export interface Metrics {
  count(name: string, labels?: MetricLabels, by?: number): void;
  gauge(name: string, value: number, labels?: MetricLabels): void;
  observe(name: string, seconds: number, labels?: MetricLabels): void;
}
