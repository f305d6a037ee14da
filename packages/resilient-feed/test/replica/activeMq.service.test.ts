import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hasActiveMq, startActiveMq, tempFolder } from '@soar-feed/feed-testkit';
import type { ActiveMq, TempFolder } from '@soar-feed/feed-testkit';
import type { FeedHost } from '@soar-feed/core/runtime';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { compared, IDENTICAL, replicaBench, sendRaw, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

// A broker that starts again four times, and the messages that piled up meanwhile, on a busy machine.
jest.setTimeout(300_000);

const KINDS = [
  ...['create incident', 'edit incident', 'edit incident and back', 'close incident', 'reopen incident'],
  ...['delete incident', 'create task', 'edit task', 'close or reopen task', 'delete task', 'add note'],
  ...['add task note', 'reply', 'edit note', 'delete note', 'add artifact', 'add file artifact', 'edit artifact'],
  ...['delete artifact', 'add attachment', 'add task attachment', 'delete attachment', 'add milestone'],
  ...['edit milestone', 'delete milestone', 'add row', 'edit row', 'delete row'],
];

if (!hasActiveMq() && process.env['REQUIRE_SERVICES']) throw new Error('ActiveMQ is not installed');

(hasActiveMq() ? describe : describe.skip)('a replica by a real ActiveMQ over TLS', () => {
  let service: ActiveMq;
  let folder: TempFolder;
  let bench: ReplicaBench;
  let host: FeedHost;

  beforeEach(async () => {
    service = await startActiveMq({ users: { platform: 'of the platform', 'key-201': 'secret-201' } });
    folder = await tempFolder();
    const cafile = join(folder.path, 'trusted.pem');
    const { url, caFile } = service;
    bench = await replicaBench({
      simulator: { broker: { url, caFile, login: 'platform', passcode: 'of the platform' } },
      resilient: [`cafile=${cafile}`],
    });
    // The platform and its broker each have a certificate of their own.
    writeFileSync(cafile, [bench.simulator.caFile, caFile].map((file) => readFileSync(file, 'utf8')).join('\n'));
    seedIncidents(bench.source, { incidents: 12, seed: 31 });
    host = await bench.makeHost();
    await host.start();
    await host.reload(host.wholeRange());
    expect(compared(bench)).toEqual(IDENTICAL);
  }, 120_000);

  afterEach(async () => {
    await bench?.stop();
    await folder?.remove();
    await service?.remove();
  });

  /** Only this shows that a real queue is worked off: the last message in it is answered, and everything is at rest. */
  async function workedOff(): Promise<void> {
    await bench.source.settled();
    await sendRaw(bench, 'the end');
    expect(await host.quiet(60_000)).toBe(true);
  }

  /** The two organizations are equal, every message was answered, and the queue is empty. */
  async function verdict(): Promise<void> {
    const { source, simulator } = bench;
    expect(compared(bench)).toEqual(IDENTICAL);
    expect(host.status()).toMatchObject({
      queue: { state: 'connected', inFlight: 0, counts: { undecodable: 1 } },
      feeds: [{ state: 'up', queued: 0, parked: { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 } }],
    });
    await until(
      'every message is answered',
      () => source.invocations().every(({ status }) => status !== 'pending'),
      20_000,
      () => source.invocations().filter(({ status }) => status === 'pending'),
    );
    await host.stop();
    // Anything left in the queue would come before a new message.
    const next = await bench.makeHost();
    await next.start();
    await sendRaw({ source, simulator }, 'a new one');
    expect(next.status().queue.counts.received).toBe(1);
  }

  it('is equal after 320 operations of every kind, with the broker stopped and started in the middle', async () => {
    const { source, log } = bench;
    const work = runWorkload(source, { operations: 320, seed: 11, perSecond: 20 });
    await until('the first messages came', () => host.status().queue.counts.received > 60);
    await service.stop();
    await until('the host misses its queue', () => host.status().queue.state !== 'connected');
    await service.start();
    const done = await work;
    expect(KINDS.filter((kind) => !done.some((text) => text.startsWith(`${kind} `)))).toEqual([]);
    await workedOff();
    expect(host.status().queue.counts.received).toBeGreaterThanOrEqual(300);
    expect(log.lines.filter(({ fields }) => fields.event === 'queue.down').length).toBeGreaterThanOrEqual(1);
    await verdict();
  });

  it('is equal after the broker was killed under load, again and again', async () => {
    const { source } = bench;
    const work = runWorkload(source, { operations: 400, seed: 12, perSecond: 20 });
    for (const kills of [1, 2, 3, 4]) {
      const before = host.status().queue.counts.received;
      await until(`messages came before kill ${kills}`, () => host.status().queue.counts.received > before + 30);
      await service.kill();
      await until('the host misses its queue', () => host.status().queue.state !== 'connected');
      await service.start();
    }
    expect(await work).toHaveLength(400);
    await workedOff();
    await verdict();
  });
});
