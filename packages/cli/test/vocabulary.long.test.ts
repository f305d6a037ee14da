import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricNames } from '@soar-feed/core/runtime';
import { soarFeed } from './helpers/soarFeed.js';
import {
  GROUPS,
  matches,
  strayCommands,
  strayEvents,
  strayFlags,
  strayKeys,
  strayMetrics,
  typedIn,
  VERBS,
} from './helpers/vocabulary.js';

jest.setTimeout(120_000);

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

function textsBelow(folder: string, end: string): readonly string[] {
  const all = readdirSync(`${REPOSITORY}${folder}`, { recursive: true, encoding: 'utf8' });
  return all
    .filter((file) => file.endsWith(end) && !/(^|\/)(node_modules|dist|test)\//.test(file))
    .map((file) => readFileSync(`${REPOSITORY}${folder}/${file}`, 'utf8'));
}

const page = (file: string): string => readFileSync(`${REPOSITORY}${file}`, 'utf8');

const pages = [
  ...['README.md', 'CHANGELOG.md'].map(page),
  ...textsBelow('docs', '.md'),
  ...textsBelow('packages', '.md'),
  ...textsBelow('examples', '.md'),
];
const sources = ['cli', 'core', 'store', 'soar-client']
  .concat(readdirSync(`${REPOSITORY}packages`).filter((name) => name.endsWith('-feed')))
  .flatMap((name) => textsBelow(`packages/${name}/src`, '.ts'));

describe('what docs, help and messages name exists', () => {
  /** By command: its options, as its help has them. */
  const options = new Map<string, readonly string[]>();
  const keys = new Set<string>();
  beforeAll(async () => {
    const commands = VERBS.flatMap((verb) => [verb, ...(GROUPS.get(verb) ?? []).map((inner) => `${verb} ${inner}`)]);
    for (let at = 0; at < commands.length; at += 4) {
      const some = commands.slice(at, at + 4);
      const helps = await Promise.all(some.map((command) => soarFeed([...command.split(' '), '--help'])));
      for (const [place, { code, stdout }] of helps.entries()) {
        expect([some[place], code]).toEqual([some[place], 0]);
        options.set(
          some[place] ?? '',
          matches(/(?:^|\s)(--?[a-z][a-z-]*)/g, [stdout]).map(([name = '']) => name),
        );
      }
    }
    const { stdout } = await soarFeed(['config', 'docs']);
    const cells = matches(/^\| (`[^|]*) \|/gm, [stdout]).map(([cell = '']) => cell);
    for (const [key = ''] of matches(/`([a-z_0-9]+)`/g, cells)) keys.add(key);
    // IBM's, which have no effect here.
    for (const key of ['pam_type', 'class']) keys.add(key);
    // Fields of events in Splunk, as searches name them.
    for (const key of ['soar_key', 'soar_op', 'soar_version']) keys.add(key);
    // A parameter of the platform.
    keys.add('want_tasks');
  });

  /** Where flags may stand alone: where people look, and what they are told. */
  const flagTexts = [page('docs/operate.md'), page('docs/errors.md'), ...textsBelow('packages/cli/src', '.ts')];
  const docs = textsBelow('docs', '.md');
  const ourMetrics = new Set<string>([
    ...Object.values(metricNames),
    // Tables of the store, and a column of the mapping.
    ...matches(/'(soar_feed_[a-z_]+)'/g, textsBelow('packages/store/src', '.ts')).map(([name = '']) => name),
    'soar_feed_deleted',
    // Fields of the source, for a feed called mirror.
    ...['link', 'state', 'synced'].map((what) => `soar_feed_mirror_${what}`),
    // Tables of the SQL feed.
    ...matches(/ownTable\('([a-z_]+)'\)/g, textsBelow('packages/sql-feed/src', '.ts')).map(
      ([word = '']) => `soar_feed_${word}`,
    ),
  ]);
  const logged = sources.join('\n');

  it('commands and their flags', () => {
    expect(typedIn(pages, sources).length).toBeGreaterThan(30);
    expect(strayCommands(pages, sources, options)).toEqual([]);
  });

  it('flags that stand alone', () => {
    expect(strayFlags(flagTexts, options)).toEqual([]);
  });

  it('keys of the config', () => {
    expect(strayKeys(pages, sources, keys)).toEqual([]);
  });

  it('metrics', () => {
    expect(strayMetrics(docs, ourMetrics)).toEqual([]);
    const operate = page('docs/operate.md');
    expect(Object.values(metricNames).filter((name) => !operate.includes(`\`${name}\``))).toEqual([]);
  });

  it('events of the log', () => {
    expect(strayEvents(page('docs/operate.md'), logged)).toEqual([]);
  });

  /** A test of these tests: a copy of the docs with one wrong name each. */
  describe('and a name that does not is noticed', () => {
    const pagesWith = (text: string): readonly string[] => [...pages, text];
    it.each([
      ['a command', 'Then run `soar-feed relaod` again.', 'relaod'],
      ['a command of a group', 'Run `soar-feed parked purge`.', 'parked purge'],
      ['a flag of another command', 'Run `soar-feed status --allow-deletes 3`.', 'status --allow-deletes 3'],
      ['a flag in a block of commands', '```sh\nsoar-feed reload --dry-run\n```\n', 'reload --dry-run'],
    ])('%s', (_, text, wrong) => {
      expect(strayCommands(pagesWith(text), sources, options)).toEqual([wrong]);
    });

    it('a command that a message names', () => {
      const messages = [...sources, 'log.warn(\'see "soar-feed parked lst"\')', "example('$0 chek', 'tries it')"];
      expect(strayCommands(pages, messages, options)).toEqual(['parked lst', 'chek']);
    });

    it('a flag that stands alone', () => {
      expect(strayFlags([...flagTexts, 'With `--allow-delete` it goes on.'], options)).toEqual(['--allow-delete']);
    });

    it.each([
      ['in brackets', 'Set `[feeds] reload_evry`.', 'reload_evry'],
      ['with a value', 'Set `create_setle=5m`.', 'create_setle'],
      ['in prose', 'Raise [resilient] stomp_prefetch for that.', 'stomp_prefetch'],
    ])('a key %s', (_, text, wrong) => {
      expect(strayKeys(pagesWith(text), sources, keys)).toEqual([wrong]);
    });

    it('a key that a message names', () => {
      expect(strayKeys(pages, [...sources, "log.warn('mend [feeds] state_bd')"], keys)).toEqual(['state_bd']);
    });

    it('a metric', () => {
      const text = 'Watch `soar_feed_parked_row{feed}`.';
      expect(strayMetrics([...docs, text], ourMetrics)).toEqual(['soar_feed_parked_row']);
    });

    it('an event', () => {
      const operate = page('docs/operate.md').replace('| `reload.fault` ', '| `reload.faulty` ');
      expect(strayEvents(operate, logged)).toEqual(['reload.faulty']);
    });
  });
});
