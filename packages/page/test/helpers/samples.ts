import type { FeedHistory, FeedReport, PaceFigures, PacePoint, StatusReport } from '@soar-feed/core/runtime';
import {
  renderIncident,
  renderMapping,
  renderOverview,
  renderParked,
  renderParkedRows,
  renderVerify,
} from '../../src/index.js';
import type { Fate, Frame, ParkedCause, Remedy, Step, ViewName } from '../../src/index.js';

/** What nobody should be able to make a browser run, in a title, a file name or an answer of a server. */
export const HOSTILE = `<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>"'&</title>`;

const NOW = Date.UTC(2026, 10, 29, 13, 37, 53);
const MINUTE = 60_000;

/** The same numbers every time. */
function dice(): () => number {
  let state = 7;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Six hours with a burst; the host did not run in the minutes of `gap`. */
function minutes(perMinute: number, seconds: number, gap: readonly [number, number] = [0, 0]): readonly PacePoint[] {
  const random = dice();
  return Array.from({ length: 360 }, (_, at) => at).flatMap((at) => {
    const burst = at > 250 && at < 262 ? 4 : 1;
    const delivered = Math.round(perMinute * burst * (0.55 + 0.35 * Math.sin(at / 38) + 0.25 * random()));
    const p50Seconds = (0.18 + 0.12 * random()) * seconds;
    const p99Seconds = p50Seconds * (2.2 + 2 * random()) * (burst > 1 ? 3.5 : 1);
    if (at >= gap[0] && at < gap[1]) return [];
    return [
      {
        atMs: NOW - (NOW % MINUTE) - (359 - at) * MINUTE,
        received: delivered,
        delivered,
        changes: delivered,
        lagSeconds: p99Seconds * 0.8,
        p50Seconds,
        p99Seconds,
      },
    ];
  });
}

const NONE = { waiting: 0, deferred: 0, failed: 0, undecided: 0, resync: 0 };

function feed(name: string, more: Partial<FeedReport> = {}): FeedReport {
  const totals = { delivered: 482_113, skipped: 1_204, superseded: 88, dropped: 2, parked: 40 };
  return { name, state: 'up', lagging: false, totals, parked: NONE, queued: 2, ...more };
}

/** Over the last minutes: events per second, and from change to arrival in seconds. */
function pace(perSecond: number, lagSeconds: number, p50Seconds?: number, p99Seconds?: number): { pace: PaceFigures } {
  const rates = { last1m: perSecond, last5m: perSecond, last15m: perSecond };
  const arrivals = p50Seconds === undefined || p99Seconds === undefined ? {} : { p50Seconds, p99Seconds };
  return {
    pace: { lagSeconds, arrivals: { changes: 1, ...arrivals }, perSecond: { received: rates, delivered: rates } },
  };
}

const AWAY = `HTTP Event Collector at https://splunk.example.com:8088 answers 503: the indexer queue is full ${HOSTILE}`;

const report: StatusReport = {
  running: true,
  process: { pid: 1, startedAtMs: NOW - 77 * 60 * MINUTE },
  source: { host: 'soar.example.com', org: 'Acme Security' },
  queue: {
    state: 'connected',
    counts: { received: 482_391, acknowledged: 482_389, ignored: 0, undecodable: 2 },
    inFlight: 3,
  },
  store: {},
  raw: 2,
  feeds: [
    feed('replica', { oldestUndeliveredMs: 420, ...pace(22.4, 0.42, 0.21, 0.84) }),
    feed('reporting_db', {
      lagging: true,
      ...pace(18.1, 94, 41, 94),
      oldestUndeliveredMs: 94_000,
      parked: { ...NONE, waiting: 3, deferred: 1_280, resync: 1 },
    }),
    feed('siem', {
      state: 'down',
      problem: AWAY,
      ...pace(0, 662),
      oldestUndeliveredMs: 662_000,
      parked: { ...NONE, deferred: 412, failed: 4, undecided: 1 },
    }),
    feed('files', pace(22.3, 0, 0.004, 0.018)),
  ],
  reload: {
    running: true,
    kind: 'full',
    startedAtMs: NOW - 12 * MINUTE,
    incidents: 3_120,
    ofIncidents: 4_410,
    leftMs: 5 * MINUTE,
    objects: 48_112,
    faults: 1,
  },
};

function frame(view: ViewName, more: Partial<Frame> = {}): Frame {
  const health = { ok: false, reasons: [`siem is down: ${AWAY}`] };
  return { view, nowMs: NOW, org: 'Acme Security', health, toDecide: 7, ...more };
}

const key = (type: string, objectId: number, incidentId = 2318) => ({ orgId: 201, incidentId, type, objectId });

function cause(
  of: Omit<ParkedCause, 'oldest' | 'remedy'>,
  row: string,
  minutesAgo: number,
  why: string,
  retry: Remedy['retry'],
): ParkedCause {
  const { rows, waitingBehind, ...choice } = of;
  const drops = retry === 'none' ? 0 : rows + waitingBehind;
  return { ...of, oldest: { row, parkedAtMs: NOW - minutesAgo * MINUTE, why }, remedy: { choice, retry, drops } };
}

const causes: readonly ParkedCause[] = [
  cause(
    { feed: 'siem', state: 'failed', code: 'hec-refused', rows: 4, waitingBehind: 11 },
    '201/2318/artifact/9921',
    90,
    'The collector refused the event: Error in handling indexed fields (failed after 5 attempts)',
    'plain',
  ),
  cause(
    { feed: 'replica', state: 'undecided', rows: 1, waitingBehind: 0 },
    '201/2290/note/4410',
    65,
    `The create of note 4410 was not answered, and incident 771 of the target has two notes that may be it: ${HOSTILE}`,
    'decision',
  ),
  cause(
    { feed: 'siem', state: 'deferred', rows: 412, waitingBehind: 0 },
    '201/2301/task/887',
    11,
    'in line: the feed lags or is down, or somebody asked for a retry',
    'none',
  ),
  cause(
    { state: 'raw', code: 'message-undecodable', rows: 2, waitingBehind: 0 },
    'ID:amq-1-40231-1763958123-5:6:-1:1:7',
    5,
    'The body is not JSON: Unexpected token < at position 0',
    'plain',
  ),
];

function step(type: string, id: number, fate: Fate, text: string, at: number): Step {
  const origin = at === 4 ? 'by a reload (reload:2026-11-29)' : `by the queue (message ID:amq-1-40231:5:${20 - at})`;
  return {
    feed: at % 2 === 0 ? 'replica' : 'siem',
    key: key(type, id),
    fate,
    text,
    atMs: NOW - at * 340_000 - 20_000,
    origin,
  };
}

/** Every view with much in it, some of it hostile; by the last part of its address. */
export function richViews() {
  return {
    overview: renderOverview(frame('overview'), {
      report,
      history: [
        { feed: 'replica', minutes: minutes(620, 1) },
        { feed: 'reporting_db', minutes: minutes(540, 9, [120, 150]) },
        { feed: 'siem', minutes: minutes(300, 2, [342, 360]) },
        { feed: 'files', minutes: minutes(615, 0.1) },
      ] satisfies readonly FeedHistory[],
    }),
    parked: renderParked(
      frame('parked', { notice: { kind: 'done', text: 'Back in line: 3 rows. (siem failed hec-refused)' } }),
      {
        causes,
        countedAtMs: NOW - 4_000,
        deeds: [{ atMs: NOW - 9_000, text: 'Back in line: 3 rows. (siem failed hec-refused)' }],
      },
    ),
    rows: renderParkedRows(frame('parked'), {
      cause: { feed: 'siem', state: 'failed', code: 'hec-refused' },
      more: true,
      lines: [0, 1, 2, 3].map((at) => ({
        row: `201/2318/artifact/${9_921 + at}`,
        object: { type: 'artifact', id: 9_921 + at, incidentId: 2318 },
        parkedAtMs: NOW - at * 900_000 - 100_000,
        why: `The collector refused the event (failed after 5 attempts) ${at === 1 ? HOSTILE : ''}`,
        remedy: {
          choice: { feed: 'siem', state: 'failed', type: 'artifact', objectId: 9_921 + at },
          retry: 'plain',
          drops: 1,
        },
      })),
    }),
    mapping: renderMapping(frame('mapping'), {
      query: { incident: '2318', side: 'source', page: 2 },
      feeds: ['replica', 'files'],
      found: {
        more: true,
        rows: ['incident', 'task', 'note', 'artifact', 'attachment'].map((type, at) => ({
          ...{ feed: at === 3 ? 'files' : 'replica', key: key(type, type === 'incident' ? 2318 : 880 + at) },
          ...{ state: at === 4 ? 'filtered' : 'active', writtenAtMs: NOW - at * 1_000_000 },
          ...(at === 4
            ? {}
            : { ref: at === 3 ? `incident_2318/${HOSTILE}.json` : String(1_200 + at), refIncident: '771' }),
          marks: at === 1 ? ['create unanswered', HOSTILE] : [],
        })),
      },
    }),
    incident: renderIncident(frame('incident'), {
      query: { type: 'incident', id: '2318' },
      ...{
        feeds: ['replica', 'siem'],
        title: `Phishing reported by finance ${HOSTILE}`,
        asked: true,
        incidentId: 2318,
        moreSteps: false,
      },
      answers: [
        {
          ...{ feed: 'replica', key: key('incident', 2318), fate: 'delivered' },
          verdict: 'Delivered as incident 771 in the target, last written on 2026-11-29T13:02:11.000Z.',
          grounds: [
            ['Received', 'by the queue (message ID:amq-1-40231:5:6), delivered on 2026-11-29T13:02:11.231Z'],
            ['Source', 'has it now'],
            ['Target', 'is equal'],
          ],
        },
        {
          ...{ feed: 'siem', key: key('incident', 2318), fate: 'on-its-way' },
          verdict: 'Not delivered yet: deferred: in line, parked since 2026-11-29T13:30:02.000Z.',
          grounds: [],
        },
      ],
      steps: [
        step('note', 4410, 'stuck', `Not delivered yet: undecided: two notes may be it: ${HOSTILE}.`, 0),
        step('task', 887, 'delivered', 'Delivered as task 1203 of incident 771 in the target.', 1),
        step('artifact', 9921, 'on-its-way', 'Not delivered yet: deferred: in line.', 2),
        step('attachment', 55, 'left-out', `Left out by design: ${HOSTILE}.pdf is too large.`, 3),
        step('incident', 2318, 'delivered', 'Delivered as incident 771 in the target.', 4),
      ],
    }),
    verify: renderVerify(frame('verify'), {
      last: {
        ...{ feeds: ['replica'], minIncidentId: 0, sample: 100, upToId: Number.MAX_SAFE_INTEGER },
        report: {
          ...{ complete: true, startedAtMs: NOW - 4_000_000, finishedAtMs: NOW - 3_600_000 },
          ...{ incidents: 3_120, objects: 48_213, lookedAgain: 14, driftNotListed: 0 },
          feeds: {
            replica: {
              equal: 48_001,
              differs: 2,
              missing: 1,
              extra: 1,
              parked: 1,
              leftOut: 208,
              reasons: { 'content is off': 180, [HOSTILE]: 28 },
            },
          },
          drift: [
            {
              feed: 'replica',
              key: key('note', 9000, 2301),
              cause: 'differs',
              ref: '411',
              fields: [{ name: 'text', expected: 'a1', found: 'b2' }],
            },
            {
              feed: 'replica',
              key: key('artifact', 9002, 2303),
              cause: 'missing',
              reason: 'the mapping has it, the target does not',
            },
            { feed: 'replica', key: key('incident', 2304, 2304), cause: 'extra', ref: '5518' },
            {
              feed: 'replica',
              key: key('attachment', 9004, 2305),
              cause: 'parked',
              parked: { state: 'failed', code: 'too-large' },
            },
          ],
          faults: [{ incidentId: 2117, message: `GET /rest/orgs/201/incidents/2117 answers 500: ${HOSTILE}` }],
        },
      },
    }),
  };
}

/** Every view of a host that has just begun. */
export function bareViews() {
  const well = { health: { ok: true, reasons: [] }, toDecide: 0 };
  const { reload: _, ...rest } = report;
  const nothing = { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };
  return {
    overview: renderOverview(frame('overview', well), {
      report: { ...rest, raw: 0, feeds: [feed('replica', { totals: nothing })] },
      history: [],
    }),
    parked: renderParked(frame('parked', well), { causes: [], countedAtMs: NOW, deeds: [] }),
    rows: renderParkedRows(frame('parked', well), {
      cause: { feed: 'replica', state: 'failed' },
      lines: [],
      more: false,
    }),
    mapping: renderMapping(frame('mapping', well), { query: { side: 'source', page: 1 }, feeds: ['replica'] }),
    incident: renderIncident(frame('incident', well), {
      query: { type: 'incident' },
      feeds: ['replica'],
      steps: [],
      moreSteps: false,
      asked: false,
    }),
    verify: renderVerify(frame('verify', well), {}),
  };
}
