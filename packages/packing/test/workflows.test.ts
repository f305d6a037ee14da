import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { REPOSITORY } from '../src/repository.js';

interface Job {
  readonly uses?: string;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const root = JSON.parse(read('package.json')) as { engines: { node: string }; scripts: Record<string, string> };
const ciRun = read('.ci/run');
const folder = '.github/workflows';
const workflows = new Map(
  readdirSync(join(REPOSITORY, folder)).map((name) => [name, parse(read(`${folder}/${name}`)) as Workflow]),
);
const jobsOf = (name: string): readonly Job[] => Object.values(workflows.get(name)?.jobs ?? {});
const stepsOf = (name: string) => jobsOf(name).flatMap(({ steps = [] }) => steps);
const commandsOf = (name: string) => stepsOf(name).flatMap(({ run }) => (run === undefined ? [] : [run]));

describe('the workflows', () => {
  it('run every part of .ci/run, and no other', () => {
    const [, parts = ''] = /^PARTS=\((.*)\)$/m.exec(ciRun) ?? [];
    const run = commandsOf('ci.yml').flatMap((command) => command.replace('bash .ci/run ', '').split(' '));
    expect(run.sort()).toEqual(parts.split(' ').sort());
  });

  it('call scripts that there are', () => {
    const commands = [ciRun, ...[...workflows.keys()].flatMap(commandsOf)].join('\n');
    const called = [...commands.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter((name) => !Object.hasOwn(root.scripts, name ?? ''))).toEqual([]);
  });

  it('test on the oldest supported version of Node and the newest of each other line', () => {
    const lines = root.engines.node.split(' || ').map((range) => /(\d+)\.(\d+)/.exec(range) ?? []);
    const wanted = lines.map(([, major, minor], at) => (at === 0 ? `${major}.${minor}` : major));
    const matrices = jobsOf('ci.yml').flatMap(({ strategy }) => (strategy === undefined ? [] : [strategy.matrix.node]));
    expect(matrices.length).toBeGreaterThan(0);
    for (const matrix of matrices) expect(matrix).toEqual(wanted);
  });

  it('publish through lerna, with provenance, once everything passed', () => {
    const { jobs } = workflows.get('release.yml') as Workflow;
    expect(jobs.ci?.uses).toBe('./.github/workflows/ci.yml');
    expect(workflows.get('ci.yml')?.on).toHaveProperty('workflow_call');
    expect(jobs.publish).toMatchObject({ needs: ['ci', 'worlds'], permissions: { 'id-token': 'write' } });
    const publish = stepsOf('release.yml').find(({ run }) => run?.startsWith('npx lerna publish'));
    expect(publish?.env).toMatchObject({ NPM_CONFIG_PROVENANCE: 'true' });
    // The dry run publishes by the same command.
    expect(publish?.run).toBe('npx lerna publish from-package --yes --no-verify-access');
    expect(read('packages/packing/src/release/dry.ts')).toContain(
      "['npx', 'lerna', 'publish', 'from-package', '--yes', '--no-verify-access']",
    );
  });
});
