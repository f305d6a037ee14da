import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../src/exitCodes.js';
import { exitCodeTable } from './helpers/exitCodeTable.js';
import { soarFeed } from './helpers/soarFeed.js';

jest.setTimeout(60_000);

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = [
  'cli',
  'core',
  'elastic-feed',
  'file-feed',
  'kafka-feed',
  'page',
  'resilient-feed',
  'soar-client',
  'splunk-feed',
  'sql-feed',
  'store',
  'webhook-feed',
];

const doc = (name: string): string => readFileSync(`${REPOSITORY}docs/${name}`, 'utf8');

/** Every match's first group, each once. */
const all = (pattern: RegExp, text: string): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

const sources = PACKAGES.flatMap((name) => {
  const folder = `${REPOSITORY}packages/${name}/src`;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
}).join('\n');

describe('the docs', () => {
  it('hold the exit codes as the command has them, each number once', () => {
    expect(doc('operate.md')).toContain(`<!-- exit codes -->\n\n${exitCodeTable()}\n<!-- end of exit codes -->`);
    const numbers = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('hold the key tables as the command prints them', async () => {
    const { stdout } = await soarFeed(['config', 'docs'], { cwd: tmpdir() });
    expect(stdout).toContain('`class=resilient`');
    expect(doc('configure.md')).toContain(
      `<!-- soar-feed config docs -->\n\n${stdout}\n<!-- end of soar-feed config docs -->`,
    );
  });

  it('explain every error code there is, and none that there is not', () => {
    const explained = all(/^\| (`[^|]*\S) *\|/gm, doc('errors.md')).flatMap((cell) => all(/`([a-z-]+)`/g, cell));
    const thrown = [
      ...all(/\bcode: '([a-z]+(?:-[a-z]+)+)'/g, sources),
      ...all(/'((?:store|queue|broker|org)-[a-z-]+)'/g, sources),
    ];
    expect(thrown.length).toBeGreaterThan(60);
    expect(thrown.filter((code) => !explained.includes(code))).toEqual([]);
    expect(explained.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });

  it('explain every event of the log', () => {
    const events = all(/\bevent: '([a-z.-]+)'/g, sources);
    expect(events.length).toBeGreaterThan(10);
    const page = doc('operate.md');
    expect(events.filter((event) => !page.includes(`\`${event}\``))).toEqual([]);
  });
});
