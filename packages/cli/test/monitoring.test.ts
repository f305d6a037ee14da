import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricNames, PromMetrics } from '@soar-feed/core/runtime';

const file = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/monitoring/${name}`, import.meta.url)), 'utf8');

const ours: readonly string[] = Object.values(metricNames);

/** What every process reports, as a scrape shows it. */
async function ofProcess(): Promise<readonly string[]> {
  const text = await new PromMetrics({ ofProcess: true }).text();
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
}

/** Metrics in an expression, each with the labels that it names. */
function used(expression: string): readonly (readonly [string, readonly string[]])[] {
  return [...expression.matchAll(/\b((?:soar_feed|process)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', labels = '']) => [
      name.replace(/_(bucket|sum|count)$/, ''),
      [...labels.matchAll(/([a-z_]+)\s*[=!]/g)].map(([, label = '']) => label),
    ],
  );
}

const rules = [...file('alerts.yml').matchAll(/^ *expr: (.*)$/gm)].map(([, expression = '']) => expression);
const { panels } = JSON.parse(file('dashboard.json')) as {
  panels: { id: number; title: string; targets: { expr: string }[] }[];
};
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe('the alert rules and the dashboard', () => {
  it('use metrics that exist', async () => {
    const known = new Set([...ours, ...(await ofProcess())]);
    const names = [...rules, ...queries].flatMap(used).map(([name]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('show every metric of a feed', () => {
    const shown = new Set(queries.flatMap(used).map(([name]) => name));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('use labels that the docs list for the metric', () => {
    const operate = readFileSync(fileURLToPath(new URL('../../../docs/operate.md', import.meta.url)), 'utf8');
    const named = [...rules, ...queries].flatMap(used).filter(([name]) => ours.includes(name));
    for (const [name, labels] of named) {
      const row = operate.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      expect([name, labels.filter((label) => !row.includes(`\`${label}\``))]).toEqual([name, []]);
    }
  });

  it('have one id for each panel, and a name for each alert', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const alerts = [...file('alerts.yml').matchAll(/- alert: (\S+)/g)].map(([, name]) => name);
    expect(alerts).toHaveLength(rules.length);
    expect(new Set(alerts).size).toBe(alerts.length);
  });
});
