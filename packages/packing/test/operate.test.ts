import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { loggedEvents } from '../src/operate/loggedEvents.js';
import { eventsTable, metricsTable, withTable } from '../src/operate/tables.js';
import { REPOSITORY } from '../src/repository.js';

const operate = readFileSync(join(REPOSITORY, 'docs', 'operate.md'), 'utf8');

// `npm run docs:tables` writes them.
describe('docs/operate.md', () => {
  it('has every metric of the source', () => {
    expect(metricsTable()).toContain('| `soar_feed_events_total` | `feed`, `type`, `result` | Events that ended');
    expect(withTable(operate, 'metrics', metricsTable())).toBe(operate);
  });

  it('has every log event of the source, and its levels', () => {
    expect(eventsTable()).toMatch(/\| `feed\.down` \| warn \|/);
    expect(withTable(operate, 'log events', eventsTable())).toBe(operate);
  });
});

it('an event is found where it is logged, with the levels of the call', () => {
  const code = `
    log.warn('a', { event: 'a.one', facts: [1] });
    log[first ? 'warn' : 'debug'](text(why), { ...more, event: 'a.two' });
    log.error('b', { event: 'a.one' });
    export const POLICY = { event: 'a.three' };
    const of = { event: variable };`;
  const found = loggedEvents([ts.createSourceFile('a.ts', code, ts.ScriptTarget.Latest, true)]);
  expect([...found].map(([name, levels]) => [name, [...levels]])).toEqual([
    ['a.one', ['warn', 'error']],
    ['a.two', ['warn', 'debug']],
    ['a.three', []],
  ]);
});
