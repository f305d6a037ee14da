import { describe, expect, it } from '@jest/globals';
import { RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';
import type { makeFeed } from './feedBench.js';

const { bench } = benches();

type Made = ReturnType<typeof makeFeed>;
type Port = Record<string, (...given: never[]) => unknown>;

/** What a bug of ours may look like, at every method of every port that a feed uses. */
const ports: readonly (readonly [string, readonly string[], (made: Made & { target: ScriptedTarget }) => unknown])[] = [
  [
    'parked',
    ['park', 'find', 'takeWaitingOn', 'takeDeferred', 'remove', 'rearm', 'fail', 'removeBelow', 'list'],
    ({ store }) => store.parked,
  ],
  ['settlements', ['settle', 'last', 'applied'], ({ store }) => store.settlements],
  ['source', ['reread', 'rebuild'], ({ source }) => source],
  ['target', ['open', 'deliver', 'health', 'close'], ({ target }) => target],
];
const ways: readonly (readonly [string, () => unknown])[] = [
  [
    'throws',
    () => {
      throw new TypeError('x is not a function');
    },
  ],
  ['rejects', () => Promise.reject(new TypeError('x is not a function'))],
];

/** What a feed meets, each with the events that come then. */
const moments: readonly (readonly [string, (made: Made & { target: ScriptedTarget }) => void, readonly FeedEvent[]])[] =
  [
    ['delivers', () => undefined, [aTask()]],
    ['deletes', () => undefined, [aNote(), aDelete(anIncident())]],
    [
      'is told to wait for a parent',
      ({ target }) => {
        target.answer = ({ parent }) =>
          parent === undefined ? { status: 'delivered', change: 'created' } : { status: 'waiting', on: parent };
      },
      [aTask(), anIncident()],
    ],
    ['fails', ({ target }) => void (target.answer = () => new RetryableError('busy', { code: 'busy' })), [aTask()]],
    ['is away', ({ target }) => void (target.answer = () => new UnavailableError('away', { code: 'away' })), [aTask()]],
    [
      'commits for itself',
      ({ target }) => {
        const committed = Promise.reject(new TypeError('not committed'));
        committed.catch(() => undefined);
        target.answer = () => ({ status: 'delivered', change: 'created', committed });
      },
      [aTask()],
    ],
    [
      'hangs',
      ({ target }) => void (target.answer = () => new Promise(() => undefined)),
      [aTask(), aTask({ id: 'second', objectId: 311 })],
    ],
  ];

const cases = ports.flatMap(([name, methods, port]) =>
  methods.flatMap((method) =>
    ways.flatMap(([way, fault]) => moments.map((moment) => [name, method, way, ...moment, port, fault] as const)),
  ),
);

describe('whatever is wrong inside a feed', () => {
  it.each(cases)(
    '%s.%s %s: a feed that %s ends its events, or lets go of them',
    async (_port, method, _way, _moment, arrange, events, portOf, fault) => {
      const target = new ScriptedTarget();
      const made = bench(target, { spillAfterMs: 30_000 });
      await made.feed.start();
      arrange({ ...made, target });
      for (const event of events) made.rebuilt.set(`${event.key.type}/${event.key.objectId}`, event);
      const port = portOf({ ...made, target }) as Port;
      const working = port[method];
      port[method] = fault;
      const ends = events.map((event) => made.feed.accept(event).catch((error: unknown) => ({ error })));
      const ended: unknown[] = [];
      for (const end of ends) void end.then((how) => ended.push(how));
      for (let turn = 0; turn < 30; turn += 1) {
        await made.clock.advance(5_000);
        await settle(2);
      }
      if (working !== undefined) port[method] = working;
      expect(ended).toHaveLength(events.length);
      for (const how of ended) {
        // Nothing counts as ended that was neither delivered nor got a row.
        if (!('error' in (how as object))) expect(how).toMatchObject({ feed: 'test_feed' });
        else expect([method, how]).toEqual(['park', { error: expect.any(TypeError) }]);
      }
    },
  );
});
