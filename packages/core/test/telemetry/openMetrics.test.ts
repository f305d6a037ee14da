import { describe, expect, it } from '@jest/globals';
import { metricNames, PromMetrics } from '../../src/telemetry/metrics.js';
import { parseStrictly } from './strictOpenMetrics.js';

function filled(): PromMetrics {
  const metrics = new PromMetrics({ ofProcess: true });
  for (const feed of ['one', 'le="5",\\odd\n']) {
    metrics.count(metricNames.events, { feed, type: 'note', result: 'created' }, 3);
    metrics.gauge(metricNames.lagSeconds, 1.5, { feed });
    metrics.gauge(metricNames.up, 1, { feed });
    for (const seconds of [0.01, 0.7, 3, 100]) metrics.observe(metricNames.deliverySeconds, seconds, { feed });
    metrics.observe(metricNames.arrivalSeconds, 90_000, { feed });
  }
  metrics.gauge('custom_odd', Number.NaN);
  return metrics;
}

describe('the metrics in the OpenMetrics form', () => {
  it('keep to the specification, line by line', async () => {
    const families = parseStrictly(await filled().openMetrics());
    const of = (name: string) => families.find((family) => family.name === name);
    expect(families.length).toBeGreaterThan(20);
    expect(of('soar_feed_events')).toMatchObject({ type: 'counter', samples: [{ value: 3 }, { value: 3 }] });
    expect(of('soar_feed_lag_seconds')).toMatchObject({ type: 'gauge', unit: 'seconds' });
    expect(of('soar_feed_arrival_seconds')).toMatchObject({ type: 'histogram', unit: 'seconds' });
    expect(of('process_resident_memory_bytes')).toMatchObject({ unit: 'bytes' });
    expect(of('custom_odd')?.samples[0]?.value).toBeNaN();
    for (const { name, help } of families) expect([name, help === undefined || help === '']).toEqual([name, false]);
  });

  it('leave the older text format as it was', async () => {
    const metrics = filled();
    const names = (text: string): readonly string[] =>
      [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    const before = names(await metrics.text());
    await metrics.openMetrics();
    expect(names(await metrics.text())).toEqual(before);
    expect(before).toContain('soar_feed_events_total');
  });

  it('have names that tell their unit: counters end with _total, durations with _seconds', () => {
    const counters = [metricNames.events, metricNames.attempts, metricNames.messages];
    expect(counters.filter((name) => !name.endsWith('_total'))).toEqual([]);
    const durations = [
      metricNames.deliverySeconds,
      metricNames.arrivalSeconds,
      metricNames.lagSeconds,
      metricNames.oldestEventSeconds,
    ];
    expect(durations.filter((name) => !name.endsWith('_seconds'))).toEqual([]);
  });

  it.each([
    ['has no end', '# TYPE a gauge\na 1\n'],
    ['has a family in two places', '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 2\n# EOF\n'],
    ['has a counter without its suffix', '# TYPE a counter\na 1\n# EOF\n'],
    ['has a bound that is no float', '# TYPE a histogram\na_bucket{le="1"} 1\na_count 1\n# EOF\n'],
    ['has an odd number', '# TYPE a gauge\na Nan\n# EOF\n'],
    ['has one sample twice', '# TYPE a gauge\na 1\na 2\n# EOF\n'],
  ])('would be noticed if it %s', (_, text) => {
    expect(() => parseStrictly(text)).toThrow();
  });
});
