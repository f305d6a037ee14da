import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { checkHost } from '../../../src/host/checkHost.js';
import type { CheckOptions } from '../../../src/host/checkHost.js';
import type { CheckLine } from '../../../src/host/check/CheckLine.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { CheckBench, linesOf } from './checkBench.js';

jest.setTimeout(60_000);

type Sections = Parameters<CheckBench['write']>[0];

let bench: CheckBench;
beforeAll(async () => {
  bench = await CheckBench.start();
  // By shape, as a package with its own copies of everything: it says what its source is.
  const folder = join(bench.folder, 'shelf-feed');
  await mkdir(folder);
  const soarFeed = { contract: 1, types: ['shelf'] };
  const manifest = { name: 'shelf-feed', version: '1.2.3', type: 'module', exports: { '.': './index.js' }, soarFeed };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'index.js'),
    `import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
import { ContainerModule } from ${JSON.stringify(import.meta.resolve('inversify'))};
const token = (name) => Symbol.for('@soar-feed/core:' + name);
const health = (source) => async () => ({ state: 'up', detail: source.orgName + '|' + (await source.types().then((all) => all.length > 5, (error) => error.message)) });
export default { type: 'shelf', contract: 1, summary: 's', config: z.object({ size: z.coerce.number() }), module: new ContainerModule(({ bind }) => {
  bind(token('Target')).toResolvedValue((source) => ({ capabilities: {}, health: health(source), close: async () => undefined }), [token('Source')]);
}) };
`,
  );
});
afterEach(() => bench.simulator.faults.clear());
afterAll(() => bench.stop());

const SOUND: Sections = { feeds: { target_packages: './shelf-feed' }, one: { class: 'shelf', size: '3' } };

async function check(sections: Sections, more: Partial<CheckOptions> = {}): Promise<readonly CheckLine[]> {
  await bench.write(sections);
  return linesOf(checkHost({ configFile: bench.configFile, env: {}, log: recordingLogger(), ...more }));
}

const subjects = (lines: readonly CheckLine[]): readonly string[] =>
  lines.map(({ subject, state }) => `${subject} ${state}`);

describe('checkConfig', () => {
  it('names file and packages, and comes before everything else', async () => {
    const lines = await check(SOUND);
    expect(lines.slice(0, 2)).toEqual([
      { subject: 'config', state: 'ok', detail: bench.configFile },
      { subject: 'packages', state: 'ok', detail: 'shelf-feed 1.2.3' },
    ]);
  });

  it('warns before it says that the file is sound', async () => {
    const lines = await check({ ...SOUND, feeds: { target_packages: './shelf-feed', relaod: 'true' } });
    expect(lines[0]).toMatchObject({ subject: 'config', state: 'warn' });
    expect(lines[0]?.detail).toMatch(/^\[feeds\] relaod: is not known.*did you mean reload\?/);
    expect(lines[1]).toMatchObject({ subject: 'config', state: 'ok' });
  });

  it('tells faults of the file beside warnings, and looks at nothing else', async () => {
    const before = bench.simulator.requests.total;
    const lines = await check({
      ...SOUND,
      resilient: { port: 'many' },
      feeds: { target_packages: './shelf-feed', relaod: '1' },
    });
    expect(subjects(lines)).toEqual(['config warn', 'config fail']);
    expect(lines[1]).toMatchObject({ code: 'config-invalid' });
    expect(lines[1]?.detail).toMatch(/^\[resilient\] port: found "many"/);
    expect(bench.simulator.requests.total).toBe(before);
  });

  it('tells faults of a package as such, with the code of what is wrong with it', async () => {
    const lines = await check({ ...SOUND, one: { class: 'shelve' } });
    expect(subjects(lines)).toEqual(['packages fail']);
    expect(lines[0]?.detail).toMatch(/^\[one\] class: .*shelve/);
    expect(lines[0]?.code).toBe('target-unknown-class');
  });

  it('passes on what nobody foresaw', async () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('unforeseen');
        },
      },
    );
    await expect(check(SOUND, { env })).rejects.toThrow('unforeseen');
  });
});

describe('checkHost', () => {
  it('looks at each thing in turn, and at what the program has besides', async () => {
    const besides = jest.fn<NonNullable<CheckOptions['besides']>>(async () => [
      { subject: 'monitoring', state: 'warn', detail: 'the port is taken' },
    ]);
    const store = new MemoryStore();
    const lines = await check(SOUND, { besides, store: () => store });
    expect(subjects(lines)).toEqual([
      ...['config ok', 'packages ok', 'state ok', 'monitoring warn', 'source ok'],
      ...['types ok', 'queue ok', 'destination ok', 'target ok'],
    ]);
    expect(besides.mock.calls[0]?.[0].file).toBe(bench.configFile);
    expect(lines.at(-1)).toEqual({ subject: 'target', feed: 'one', state: 'ok', detail: 'Acme|true' });
  });

  it('goes on to queue and targets where the source does not let us in; a target is told so', async () => {
    const lines = await check({ ...SOUND, resilient: { api_key_secret: 'wrong' } });
    expect(subjects(lines)).toEqual(['config ok', 'packages ok', 'state ok', 'source fail', 'queue fail', 'target ok']);
    expect(lines.at(-1)?.detail).toMatch(/^\|The source is away: \[resilient\] api_key_id, api_key_secret: .*401/);
  });
});
