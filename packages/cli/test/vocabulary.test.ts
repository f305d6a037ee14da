import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricNames } from '@soar-feed/core/runtime';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(120_000);

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

function textsBelow(folder: string, end: string): readonly string[] {
  const all = readdirSync(`${REPOSITORY}${folder}`, { recursive: true, encoding: 'utf8' });
  return all
    .filter((file) => file.endsWith(end) && !/(^|\/)(node_modules|dist|test)\//.test(file))
    .map((file) => readFileSync(`${REPOSITORY}${folder}/${file}`, 'utf8'));
}

const pages = [
  ...['README.md', 'CHANGELOG.md'].map((file) => readFileSync(`${REPOSITORY}${file}`, 'utf8')),
  ...textsBelow('docs', '.md'),
  ...textsBelow('packages', '.md'),
  ...textsBelow('examples', '.md'),
];
const sources = ['cli', 'core', 'store', 'soar-client', 'resilient-feed', 'file-feed'].flatMap((name) =>
  textsBelow(`packages/${name}/src`, '.ts'),
);

/** Every match's groups, each once. */
function all(pattern: RegExp, texts: readonly string[]): readonly (readonly string[])[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(pattern)].map((match) => match.slice(1).map((one) => one ?? '')),
  );
  return [...new Map(found.map((groups) => [groups.join('\0'), groups])).values()];
}

/** What docs, help and messages tell a person to type: in quotes, backticks or as a line of its own. */
const typed = [
  ...all(/[`"](?:npx )?(?:soar-feed|\$0) ([a-z][^`"\n]*)[`"]/g, [...pages, ...sources]),
  ...all(
    /^\s*(?:npx )?soar-feed ([a-z][^\n#]*)/gm,
    pages.flatMap((page) => page.split('```').filter((_, at) => at % 2 === 1)),
  ),
  ...all(/'\$0 ([a-z][^']*)'/g, sources),
].map(([line = '']) => line);

const VERBS = ['run', 'reload', 'sync', 'status', 'parked', 'check', 'targets', 'config'];
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  parked: ['list', 'show', 'retry', 'adopt', 'drop', 'export'],
  config: ['init', 'docs'],
};

describe('what docs, help and messages name exists', () => {
  /** By command: its options, as its help has them. */
  const options = new Map<string, readonly string[]>();
  beforeAll(async () => {
    const commands = VERBS.flatMap((verb) => [verb, ...(GROUPS[verb] ?? []).map((inner) => `${verb} ${inner}`)]);
    for (let at = 0; at < commands.length; at += 4) {
      const some = commands.slice(at, at + 4);
      const helps = await Promise.all(some.map((command) => soarFeed([...command.split(' '), '--help'])));
      for (const [place, { code, stdout }] of helps.entries()) {
        expect([some[place], code]).toEqual([some[place], 0]);
        options.set(
          some[place] ?? '',
          all(/(?:^|\s)(--?[a-z][a-z-]*)/g, [stdout]).map(([name = '']) => name),
        );
      }
    }
  });

  it('commands and their flags', () => {
    expect(typed.length).toBeGreaterThan(30);
    const wrong = typed.filter((line) => {
      const [verb = '', inner = ''] = line.trim().split(/\s+/);
      if (!VERBS.includes(verb)) return true;
      const known = GROUPS[verb];
      if (known !== undefined && /^[a-z]/.test(inner) && !known.includes(inner)) return true;
      const flags = options.get(known === undefined || inner === '' || inner === '…' ? verb : `${verb} ${inner}`) ?? [];
      return all(/(?:^|\s)(--?[a-z][a-z-]*)/g, [line.split(' | ')[0]?.split(' && ')[0] ?? '']).some(
        ([flag = '']) => !flags.includes(flag),
      );
    });
    expect(wrong).toEqual([]);
  });

  it('flags that stand alone', () => {
    const every = [...options.values()].flat();
    const operate = readFileSync(`${REPOSITORY}docs/operate.md`, 'utf8');
    const errors = readFileSync(`${REPOSITORY}docs/errors.md`, 'utf8');
    const ours = textsBelow('packages/cli/src', '.ts');
    const named = all(/[`" ](--[a-z][a-z-]+)/g, [operate, errors, ...ours]).map(([flag = '']) => flag);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((flag) => !every.includes(flag) && !['--help', '--version'].includes(flag))).toEqual([]);
  });

  it('keys of the config', async () => {
    const { stdout } = await soarFeed(['config', 'docs']);
    const keys = new Set(
      all(
        /`([a-z_0-9]+)`/g,
        all(/^\| (`[^|]*) \|/gm, [stdout]).map(([cell = '']) => cell),
      ).map(([key = '']) => key),
    );
    // IBM's, which have no effect here.
    for (const key of ['pam_type', 'logdir', 'logfile', 'class']) keys.add(key);
    const named = [
      ...all(/\[(?:resilient|feeds)\] ([a-z]+(?:_[a-z]+)+)\b/g, [...pages, ...sources]),
      ...all(/`\[(?:resilient|feeds)\] ([a-z_]+)`/g, [...pages, ...sources]),
      ...all(/`([a-z]+(?:_[a-z]+)+)=[^`]*`/g, pages),
    ].map(([key = '']) => key);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('metrics', () => {
    const made = new Set<string>(Object.values(metricNames));
    const named = all(/\b(soar_feed_[a-z_]*[a-z])(?:\b|\{)/g, textsBelow('docs', '.md')).map(([name = '']) => name);
    const tables = all(/'(soar_feed_[a-z_]+)'/g, textsBelow('packages/store/src', '.ts')).map(([name = '']) => name);
    const ours = ['soar_feed_deleted'];
    expect(named.filter((name) => !made.has(name) && ![...tables, ...ours].includes(name))).toEqual([]);
  });

  it('events of the log', () => {
    const table = readFileSync(`${REPOSITORY}docs/operate.md`, 'utf8').split('| `event`')[1]?.split('## ')[0] ?? '';
    const named = all(
      /`([a-z]+\.[a-z-]+)`/g,
      all(/^\| (`[^|]*)\|/gm, [table]).map(([cell = '']) => cell),
    ).map(([name = '']) => name);
    const logged = sources.join('\n');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !logged.includes(`'${name}'`))).toEqual([]);
  });
});
