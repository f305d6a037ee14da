import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../src/repository.js';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

interface Stage {
  readonly base: string;
  readonly name?: string;
  readonly instructions: readonly Instruction[];
}

const at = (path: string): string => join(REPOSITORY, path);
const text = readFileSync(at('docs/service/Dockerfile'), 'utf8');

/** The stages of a Dockerfile, its continued lines joined. */
function stagesOf(source: string): readonly Stage[] {
  const stages: { base: string; name?: string; instructions: Instruction[] }[] = [];
  const lines = source
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n');
  for (const line of lines.filter((one) => one.trim() !== '')) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    expect(name).not.toBe('');
    if (name === 'FROM') {
      const [base = '', , as] = rest.split(/\s+/);
      stages.push({ base, ...(as === undefined ? {} : { name: as }), instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

const stages = stagesOf(text);
const last = stages.at(-1);
const of = (stage: Stage | undefined, name: string): readonly string[] =>
  (stage?.instructions ?? []).filter((one) => one.name === name).map(({ rest }) => rest);

describe('the image', () => {
  it('is built in stages from one base that is named to its last digit, and that we support', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', undefined]);
    const bases = new Set(stages.map(({ base }) => base));
    expect([...bases]).toEqual([expect.stringMatching(/^node:(22|24)\.\d+\.\d+-[a-z]+-slim$/)]);
  });

  it('runs as a numbered user that is not root, set after everything that needs root', () => {
    const names = (last?.instructions ?? []).map(({ name }) => name);
    expect(of(last, 'USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(names.slice(names.indexOf('USER'))).not.toContain('RUN');
    expect(names.slice(names.indexOf('USER'))).not.toContain('COPY');
  });

  it('copies from its build stage, and builds packages that exist', () => {
    for (const copy of of(last, 'COPY')) expect(copy).toMatch(/^--from=build \/src\//);
    for (const name of text.match(/\bpackages\/[a-z-]+(?= |$)/gm) ?? [])
      expect([name, existsSync(at(`${name}/tsconfig.json`))]).toEqual([name, true]);
    for (const [, name = ''] of text.matchAll(/\/src\/([\w./-]+)/g)) {
      if (name !== 'node_modules') expect([name, existsSync(at(name))]).toEqual([name, true]);
    }
    const removed = /rm -rf ([a-z -]+) \*/.exec(text)?.[1]?.split(' ') ?? [];
    expect(removed.length).toBeGreaterThan(5);
    for (const name of removed) expect([name, existsSync(at(`packages/${name}`))]).toEqual([name, true]);
  });

  it('holds every target, and nothing that runs needs what is removed', () => {
    const built = new Set([...text.matchAll(/packages\/([a-z-]+)/g)].map(([, name]) => name));
    const targets = readdirSync(at('packages')).filter((name) => name.endsWith('-feed'));
    for (const target of targets) expect([target, built.has(target)]).toEqual([target, true]);
    const removed = new Set(/rm -rf ([a-z -]+) \*/.exec(text)?.[1]?.split(' ') ?? []);
    for (const name of ['cli', ...targets]) {
      const { dependencies = {} } = JSON.parse(readFileSync(at(`packages/${name}/package.json`), 'utf8')) as {
        dependencies?: Record<string, string>;
      };
      for (const needed of Object.keys(dependencies).filter((one) => one.startsWith('@soar-feed/')))
        expect([name, needed, removed.has(needed.replace('@soar-feed/', ''))]).toEqual([name, needed, false]);
    }
  });

  it('asks whether it is alive, starts the command, and stops by the signal that delivers first', () => {
    expect(of(last, 'HEALTHCHECK').join()).toContain('/livez');
    expect(of(last, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    const [, entry = ''] = /"node", "\/opt\/soar-feed\/([^"]+)"/.exec(of(last, 'ENTRYPOINT').join()) ?? [];
    expect(existsSync(at(entry))).toBe(true);
    expect(JSON.parse(of(last, 'CMD')[0] ?? '[]')).toContain('run');
  });

  it('gets no secret, no repository and no foreign modules from the folder it is built in', () => {
    const ignored = readFileSync(at('.dockerignore'), 'utf8').split('\n');
    for (const name of ['.git', '**/node_modules', '**/app.config', '**/*.db', '**/.env*'])
      expect(ignored).toContain(name);
    const compose = readFileSync(at('docs/service/compose.yaml'), 'utf8');
    expect(compose).toMatch(/read_only: true/);
    const [, context = '', file = ''] = /context: (\S+)\s+dockerfile: (\S+)/.exec(compose) ?? [];
    expect(existsSync(join(at('docs/service'), context, file))).toBe(true);
    expect(dirname(file)).toBe('docs/service');
  });
});
