import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ObjectKey } from '@soar-feed/core';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import type { NoteDto, Simulator, SimOrg } from '@soar-feed/soar-simulator';
import type { Explanation } from '../src/explain/Facts.js';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { OneProcess } from './helpers/OneProcess.js';
import { Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(300_000);

const SEVERITIES = 'severity_code in [High, Medium]';

interface Explained {
  readonly type: string;
  readonly id: number;
  readonly code: number;
  readonly explanations: readonly Explanation[];
}

type Named = readonly [type: string, id: number];

describe('every object of a random run', () => {
  let simulator: Simulator;
  let site: Site;
  let explained: readonly Explained[];
  const ever = new Map<string, Named>();
  let left: ReadonlySet<string>;

  beforeAll(async () => {
    simulator = await startPair();
    site = new Site();
    site.write(
      'app.config',
      mirrorConfig(simulator, { matching_incident_fields: SEVERITIES, delete_incidents: 'true' }),
    );
    const org = simulator.org(201);
    seedIncidents(org, { incidents: 6, files: 0.1, seed: 11 });
    note(objectsOf(org));
    const host = new SoarFeed(['run'], { cwd: site.folder, deadlineMs: 240_000 });
    await host.event('host.ready');
    expect((await soarFeed(['reload', '--json'], { cwd: site.folder, deadlineMs: 120_000 })).code).toBe(0);
    // Some are refused for good, and what hangs below them waits.
    simulator.faults.add({ method: 'POST', path: '/incidents', org: 301, status: 400, times: 2 });
    simulator.faults.add({ method: 'POST', path: /\/tasks$/, org: 301, status: 400, times: 2 });
    const onOperation = (): void => note(objectsOf(org));
    await runWorkload(org, { operations: 250, perSecond: 100, seed: 12, onOperation });
    await org.settled();
    await until(() => simulator.broker.depth('actions.201.feed_data') === 0, 'all messages acknowledged', 60_000);
    host.signal('SIGTERM');
    await host.ended;
    left = new Set(objectsOf(org).map((one) => one.join(' ')));
    explained = await explainAll([...ever.values()]);
  });
  afterAll(async () => {
    site.remove();
    await simulator.stop();
  });

  function note(objects: readonly Named[]): void {
    for (const one of objects) ever.set(one.join(' '), one);
  }

  async function explainAll(objects: readonly Named[]): Promise<readonly Explained[]> {
    const commands = new OneProcess(site.folder);
    const all: Explained[] = [];
    for (const [type, id] of objects) {
      const { code, stdout } = await commands.run('explain', type, String(id), '--side', 'source', '--json');
      all.push({ type, id, code, ...(JSON.parse(stdout) as Pick<Explained, 'explanations'>) });
    }
    await commands.end();
    return all;
  }

  const verdictOf = ({ explanations }: Explained): string => explanations[0]?.verdict ?? '';

  it('has exactly one explanation', () => {
    expect(ever.size).toBeGreaterThan(150);
    expect(explained).toHaveLength(ever.size);
    const others = explained.filter(({ code, explanations }) => code !== 0 || explanations.length !== 1);
    expect(others.map(({ type, id, code, explanations }) => [type, id, code, explanations.length])).toEqual([]);
    expect(explained.filter((one) => !/^[A-Z][^]*\.$/.test(verdictOf(one))).map(verdictOf)).toEqual([]);
  });

  it('is explained by what is so', () => {
    const there = (type: string, ref: number): boolean => refs.has(`${type} ${ref}`);
    const refs = new Set(objectsOf(simulator.org(301)).map((one) => one.join(' ')));
    const kinds = new Map<string, number>();
    for (const one of explained) {
      const verdict = verdictOf(one);
      const [kind = ''] = /^(?:Left out|Not delivered|\w+)/.exec(verdict) ?? [];
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const isLeft = left.has(`${one.type} ${one.id}`);
      const said = `${one.type} ${one.id}: ${verdict}`;
      const [, ref] = /^Delivered as \S+ (\d+)/.exec(verdict) ?? [];
      if (ref !== undefined && isLeft) expect([said, there(one.type, Number(ref))]).toEqual([said, true]);
      if (/^Deleted/.test(verdict)) expect([said, isLeft]).toEqual([said, false]);
      if (/^Not delivered yet/.test(verdict)) expect([said, one.explanations[0]?.parked.length]).not.toEqual([said, 0]);
      if (/^Left out/.test(verdict) && isLeft) expect([said, passes(one.explanations[0]?.key)]).toEqual([said, false]);
    }
    // The run met all of these.
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(['Delivered', 'Left out', 'Deleted', 'Not delivered']));
  });

  function passes(key: ObjectKey | undefined): boolean {
    const org = simulator.org(201);
    const { severity_code: id } = org.incident(key?.incidentId ?? 0);
    return ['High', 'Medium'].includes(org.labels.label('incident', 'severity_code', id ?? 0) ?? '');
  }
});

function objectsOf(org: SimOrg): readonly Named[] {
  return org.incidentIds().flatMap((incidentId): Named[] => {
    const tasks = org.tasks(incidentId);
    const places = [{ incidentId }, ...tasks.map(({ id: taskId }) => ({ taskId }))];
    return [
      ['incident', incidentId],
      ...tasks.map(({ id }): Named => ['task', id]),
      ...places.flatMap((place) => notesIn(org.notes(place))),
      ...places.flatMap((place) => org.attachments(place).map(({ id }): Named => ['attachment', id])),
      ...org.artifacts(incidentId).map(({ id }): Named => ['artifact', id]),
      ...org.milestones(incidentId).map(({ id }): Named => ['milestone', id]),
      ...org.tables().flatMap((table) => org.rows(incidentId, table).map(({ id }): Named => [table, id])),
    ];
  });
}

function notesIn(notes: readonly NoteDto[]): Named[] {
  return notes.flatMap(({ id, children }): Named[] => [['note', id], ...notesIn(children ?? [])]);
}
