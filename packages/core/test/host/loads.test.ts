import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { StoppingError } from '../../src/contract/errors.js';
import type { Feed } from '../../src/delivery/Feed.js';
import { resyncIncident } from '../../src/host/resyncIncident.js';
import { syncIncidents } from '../../src/host/syncIncidents.js';
import type { ReloadIntake, ReloadProgress } from '../../src/intake/reload/ReloadIntake.js';
import type { Reloads } from '../../src/intake/reload/Reloads.js';
import type { ReloadReport } from '../../src/intake/reload/ReloadReport.js';
import { ReloadTally } from '../../src/intake/reload/ReloadReport.js';
import { troubleOf } from '../../src/source/patience/policy.js';
import type { Trouble } from '../../src/source/patience/policy.js';

const reportOf = (more: Partial<ReloadReport> = {}): ReloadReport => ({
  ...new ReloadTally(0).report(0, false),
  incidents: 3,
  ...more,
});
const request = { minIncidentId: 5, maxIncidentId: 7, method: 'query', inputs: { df_min_incident_id: 5 } } as const;

/** What the function reports, and how it ends. */
async function sync(run: () => Promise<ReloadReport>, stopping = new AbortController().signal) {
  const told: string[] = [];
  const asked: unknown[] = [];
  const reloads = { run: async (wanted: unknown) => (asked.push(wanted), run()) };
  const end = await syncIncidents(reloads, request, (text) => told.push(text), { clock: fakeClock(), stopping }).catch(
    (error: unknown) => error,
  );
  return { told, asked, end };
}

describe('syncIncidents', () => {
  it('loads the range without looking for deletions, and answers with how many were sent', async () => {
    const { told, asked, end } = await sync(async () => reportOf());
    expect(asked).toEqual([{ minIncidentId: 5, maxIncidentId: 7, method: 'query', reconcile: false }]);
    expect(told).toEqual(['starting...', 'done...']);
    expect(end).toMatchObject({
      type: 0,
      complete: true,
      results: { success: true, content: { num_of_sync_incidents: 3 }, inputs: request.inputs },
    });
  });

  it('answers nothing where the stop cut it short: the message comes again', async () => {
    expect(await sync(async () => reportOf({ interrupted: true }))).toMatchObject({
      told: ['starting...'],
      end: expect.any(StoppingError),
    });
    const stop = new AbortController();
    stop.abort();
    expect((await sync(() => Promise.reject(new Error('away')), stop.signal)).end).toBeInstanceOf(StoppingError);
  });

  it('answers with the error where the incidents cannot be read', async () => {
    const { end } = await sync(() => Promise.reject(new Error('may not list')));
    expect(end).toEqual({ type: 1, message: 'The incidents could not be read: may not list', complete: true });
  });
});

describe('a workflow that asked for incidents', () => {
  const asked = { ...request, workflowInstanceId: 80 };

  /** A load that goes on until it is cancelled. */
  async function begun(isEnded: (id: number) => Promise<boolean>) {
    const clock = fakeClock();
    const told: string[] = [];
    const stop = new AbortController();
    let follow: (progress: ReloadProgress) => void = () => undefined;
    const run: Reloads['run'] = (_, onProgress, cancel) => {
      follow = onProgress ?? follow;
      return new Promise((resolve) => {
        const end = (): void => resolve(reportOf({ interrupted: true }));
        for (const signal of [cancel, stop.signal]) signal?.addEventListener('abort', end);
      });
    };
    const services = { clock, stopping: stop.signal, isEnded };
    const ended = syncIncidents({ run }, asked, (text) => told.push(text), services).catch((error: unknown) => error);
    await Promise.resolve();
    return { clock, told, stop, ended, progress: (incidents: number) => follow({ incidents, objects: 9, faults: 0 }) };
  }

  it('is told twice a minute how far it is', async () => {
    const { clock, told, stop, ended, progress } = await begun(async () => false);
    progress(1);
    await clock.advance(30_000);
    progress(2);
    progress(3);
    expect(told).toEqual(['starting...', '2 incidents, 9 objects']);
    stop.abort();
    expect(await ended).toBeInstanceOf(StoppingError);
    expect(clock.sleepers).toBe(0);
  });

  it('cancels the load when somebody ends it', async () => {
    const looked: number[] = [];
    const { clock, ended } = await begun(async (id) => looked.push(id) === 2);
    await clock.advance(10_000);
    await clock.advance(10_000);
    expect(looked).toEqual([80, 80]);
    expect(await ended).toMatchObject({
      type: 1,
      complete: true,
      message: expect.stringContaining('after 3 incidents'),
    });
  });

  it('is not asked again where it cannot be looked up', async () => {
    let looked = 0;
    const { clock, stop, ended } = await begun(() => {
      looked += 1;
      return Promise.reject(new Error('403'));
    });
    await clock.advance(10_000);
    await clock.advance(60_000);
    expect(looked).toBe(1);
    stop.abort();
    expect(await ended).toBeInstanceOf(StoppingError);
  });
});

describe('resyncIncident', () => {
  const { signal } = new AbortController();
  const feed = { name: 'one' } as Feed;
  const resync = (report: ReloadReport, asked: unknown[] = []) =>
    resyncIncident(
      { run: async (...all: unknown[]) => (asked.push(all), report) } as unknown as ReloadIntake,
      feed,
      9,
      signal,
    );

  it('loads that incident into that feed from the database, and waits not long for a source that is away', async () => {
    const asked: unknown[] = [];
    await resync(reportOf(), asked);
    expect(asked).toEqual([
      [
        { minIncidentId: 9, maxIncidentId: 9, types: [], method: 'query' },
        { feeds: [feed], signal, waits: 'a feed' },
      ],
    ]);
  });

  it('fails where it was cut short or something could not be read, so that the wish stays', async () => {
    await expect(resync(reportOf({ interrupted: true }))).rejects.toThrow('stopping');
    const faults = [{ message: 'one' }, { message: 'two' }];
    await expect(resync(reportOf({ faults }))).rejects.toThrow('one; two');
  });

  it.each<[string, ReloadReport['faults'], Trouble]>([
    ['refused', [{ message: 'a', lasting: 'refused' }], 'refused'],
    ['refused in part, and in trouble otherwise', [{ message: 'a', lasting: 'refused' }, { message: 'b' }], 'passing'],
    [
      'met by a bug',
      [
        { message: 'a', lasting: 'refused' },
        { message: 'b', lasting: 'bug' },
      ],
      'fault',
    ],
  ])('says whether another load would end in the same way: %s', async (_, faults, trouble) => {
    const error: unknown = await resync(reportOf({ faults })).catch((thrown: unknown) => thrown);
    expect(troubleOf(error)).toBe(trouble);
  });
});
