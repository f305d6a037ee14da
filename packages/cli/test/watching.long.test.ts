import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { StatusReport } from '@soar-feed/core/runtime';
import type { Simulator } from '@soar-feed/soar-simulator';
import type { TapLine } from '../src/tap/TapLine.js';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until as untilWithin } from './helpers/until.js';

jest.setTimeout(120_000);

const BIN = fileURLToPath(new URL('../bin/soar-feed.js', import.meta.url));
const PORT = 24_310;

/** Several processes start at once here. */
const until = (holds: () => boolean, what: string): Promise<void> => untilWithin(holds, what, 60_000);
const DATE = 1_700_000_000_000;

describe('top and tap beside a running host', () => {
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed | undefined;
  beforeAll(async () => (simulator = await startAcme()));
  afterAll(() => simulator.stop());
  beforeEach(() => {
    site = new Site();
    site.makeFolder('files');
    const feeds = { feed_names: 'files', status_port: String(PORT) };
    site.write('app.config', appConfig(simulator, { feeds, files: { class: 'file', directory: 'files' } }));
  });
  afterEach(async () => {
    host?.signal('SIGTERM');
    await host?.ended;
    host = undefined;
    site.remove();
  });

  const started = async (): Promise<SoarFeed> => {
    host = new SoarFeed(['run', '-c', site.config], { deadlineMs: 110_000 });
    await host.event('host.ready');
    return host;
  };
  const linesOf = <T>({ stdout }: { readonly stdout: string }): readonly T[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as T);
  const isIn = (lines: readonly TapLine[], outcome: string): boolean =>
    lines.some((line) => line.kind === 'event' && line.outcome === outcome);

  it('say that there is none', async () => {
    const ends = await Promise.all(
      [['top'], ['top', '--json'], ['tap']].map((args) => soarFeed([...args, '-c', site.config])),
    );
    for (const { code, stdout, stderr } of ends)
      expect([code, stdout, stderr]).toEqual([61, '', expect.stringContaining('No host')]);
  });

  it('tap shows events as they pass, without values, and ends with the host', async () => {
    const running = await started();
    const tap = new SoarFeed(['tap', '--json', '--fields', '-c', site.config], { deadlineMs: 100_000 });
    await until(() => tap.stdout.includes('listening'), 'the stream');
    const org = simulator.org(201);
    const { id } = org.createIncident({ name: 'A secret title', discovered_date: DATE });
    await until(() => isIn(linesOf<TapLine>(tap), 'created'), 'the creation');
    org.updateIncident(id, { name: 'Another secret title' });
    await until(() => isIn(linesOf<TapLine>(tap), 'updated'), 'the change');
    running.signal('SIGTERM');
    const ended = await tap.ended;
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const lines = linesOf<TapLine>(ended);
    expect(lines[0]).toMatchObject({ kind: 'listening' });
    expect(lines.at(-1)).toEqual({ kind: 'end' });
    const change = lines.find((line) => line.kind === 'event' && line.outcome === 'updated');
    expect(change).toMatchObject({ feed: 'files', type: 'incident', objectId: id, incidentId: id, origin: 'queue' });
    expect(change).toMatchObject({ ms: expect.any(Number), fields: expect.arrayContaining(['name']) });
    expect(ended.stdout).not.toContain('secret');
  });

  it('tap filters, follows for people, and ends by itself once nobody reads', async () => {
    await started();
    const org = simulator.org(201);
    const wanted = org.createIncident({ name: 'Wanted', discovered_date: DATE }).id;
    const tap = new SoarFeed(['tap', '--incident', String(wanted), '--type', 'note', '-c', site.config]);
    const other = new SoarFeed(['tap', '--json', '-c', site.config]);
    await until(() => other.stdout.includes('listening'), 'the other stream');
    for (let round = 0; round < 50 && !tap.stdout.includes('note'); round += 1) {
      org.addNote({ incidentId: wanted }, `Note ${round}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await until(() => /^\d\d:\d\d:\d\d\.\d{3}  \S+  note \d+ of incident \d+  \S+/m.test(tap.stdout), 'a note');
    expect(tap.stdout).not.toMatch(/^\S+ +\S+ +incident/m);
    other.stopReading('stdout');
    let over = false;
    void other.ended.then(() => (over = true));
    for (let round = 0; round < 50 && !over; round += 1) {
      org.addNote({ incidentId: wanted }, 'One more');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(over).toBe(true);
    expect((await other.ended).code).toBe(0);
    tap.signal('SIGINT');
    expect((await tap.ended).code).toBe(0);
  });

  it('top shows it once, and as lines', async () => {
    await started();
    const once = await soarFeed(['top', '-c', site.config]);
    expect(once.code).toBe(0);
    expect(once.stdout).toMatch(/^files +up +0 ms +- +- +0\.0 +0\.0 +0 +0 +0$/m);
    expect(once.stdout).not.toContain('\x1b');
    const lines = new SoarFeed(['top', '--json', '-c', site.config]);
    await until(() => linesOf(lines).length >= 2, 'two lines');
    lines.signal('SIGTERM');
    const ended = await lines.ended;
    expect(ended.code).toBe(0);
    const [first] = linesOf<StatusReport>(ended);
    expect(first).toMatchObject({
      running: true,
      changeTime: 'platform',
      feeds: [{ name: 'files', pace: { lagSeconds: 0 } }],
    });
  });

  it.each([
    ['q', 'q'],
    ['Ctrl-C', '\x03'],
  ])('top takes a terminal, and gives it back at %s', async (_, key) => {
    await started();
    const command = `stty cols 90 rows 20; "${process.execPath}" "${BIN}" top -c "${site.config}"; echo "ended $?"; stty -a; echo over-$((1+1))`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
    await until(() => seen.includes('files'), 'the first frame');
    expect(seen).toContain('\x1b[?1049h');
    child.stdin.write(key);
    await until(() => seen.includes('over-2'), 'the end');
    child.stdin.end();
    const [, after = ''] = seen.split('\x1b[?25h\x1b[?1049l');
    expect(after).toContain('ended 0');
    // Not raw any more.
    expect(after).toMatch(/(?<!-)\bicanon\b/);
    expect(after).toMatch(/(?<!-)\becho\b/);
  });

  it('the monitoring port gives the stream to programs, and closes it as the host stops', async () => {
    const running = await started();
    /** Resolves at the head of the answer. */
    const ask = (path: string, headers: Record<string, string> = {}) =>
      new Promise<{ status: number; type: string; text: Promise<string> }>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: PORT, path, headers }, (response) => {
          const status = response.statusCode ?? 0;
          const whole = text(response);
          whole.catch(() => undefined);
          resolve({ status, type: response.headers['content-type'] ?? '', text: whole });
        });
        asked.on('error', reject);
        asked.end();
      });
    expect(await ask('/tap?incident=x')).toMatchObject({ status: 400 });
    expect(await ask('/tap?incidnt=7')).toMatchObject({ status: 400 });
    expect(await ask('/tap', { host: 'evil.example.com' })).toMatchObject({ status: 403 });
    // Once a second the feeds set theirs.
    let ready = '';
    while (!ready.includes('soar_feed_lag_seconds')) ready = await (await ask('/metrics')).text;
    const open = await ask('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' });
    expect(open).toMatchObject({ status: 200, type: expect.stringContaining('application/openmetrics-text') });
    expect(await open.text).toMatch(/^# TYPE soar_feed_lag_seconds gauge$/m);
    expect((await open.text).endsWith('\n# EOF\n')).toBe(true);
    expect(await ask('/metrics')).toMatchObject({ type: expect.stringContaining('version=0.0.4') });
    const stream = await ask('/tap', { accept: 'text/event-stream' });
    const others = await Promise.all(Array.from({ length: 15 }, () => ask('/tap')));
    const tooMany = await ask('/tap');
    expect([tooMany.status, await tooMany.text]).toEqual([503, expect.stringContaining('too-many-readers')]);
    running.signal('SIGTERM');
    expect([stream.status, stream.type, await stream.text]).toEqual([
      ...[200, 'text/event-stream', expect.stringMatching(/"kind":"end"\}\n\n$/)],
    ]);
    for (const other of others) expect(await other.text).toMatch(/\{"kind":"end"\}\n$/);
  });
});
