import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { likeliest } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { FeedBench } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

let bench: FeedBench;

afterEach(() => bench.stop());

async function started(behaviour: Partial<Behaviour> = {}): Promise<void> {
  bench = await FeedBench.start();
  bench.simulator.behaviour = { ...likeliest, ...behaviour };
}

let made = 0;

interface Holds {
  readonly notes?: readonly string[];
  readonly artifacts?: readonly { readonly type: string; readonly value: string; readonly description?: string }[];
}

/** An incident of the source, as a reload brings it. */
async function whole({ notes = [], artifacts = [] }: Holds): Promise<FeedEvent[]> {
  const { source, events } = bench;
  const { id } = source.createIncident({ name: `Incident ${(made += 1)}`, discovered_date: made });
  for (const text of notes) source.addNote({ incidentId: id }, text);
  for (const artifact of artifacts) source.addArtifact(id, artifact);
  await source.settled();
  return events.whole(id);
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const TEN_NOTES = numbers(10).map((n) => `<div class="rte"><div>Note ${n} &amp; more</div></div>`);
const TWENTY_ARTIFACTS = numbers(20).map((n) => ({
  ...{ type: n % 2 === 0 ? 'IP Address' : 'URL', value: n % 2 === 0 ? `10.0.0.${n}` : `https://example.com/${n}` },
  description: `Seen by <b>sensor ${n}</b>`,
}));

/** The one counterpart of the incident, with the texts of its notes but that of origin, and its artifacts. */
function counterpart([incident]: readonly FeedEvent[]) {
  const copies = bench.target.incidents().filter(({ name }) => name === incident?.payload['name']);
  expect(copies).toHaveLength(1);
  const id = copies[0]?.id ?? 0;
  const notes = bench.target.notes({ incidentId: id }).map(({ text }) => String(text));
  const own = notes.filter((text) => !text.startsWith('Incident created from'));
  expect(notes.length - own.length).toBe(1);
  const artifacts = bench.target.artifacts(id);
  return {
    id,
    notes: own.sort(),
    artifacts: artifacts.map(({ value }) => String(value)).sort(),
    descriptions: artifacts.map(({ description }) => String(description)).sort(),
  };
}

/** The same of the incident in the source. */
function held([incident]: readonly FeedEvent[]) {
  const id = incident?.key.incidentId ?? 0;
  const artifacts = bench.source.artifacts(id);
  return {
    notes: bench.source
      .notes({ incidentId: id })
      .map(({ text }) => String(text))
      .sort(),
    artifacts: artifacts.map(({ value }) => String(value)).sort(),
    descriptions: artifacts.map(({ description }) => String(description)).sort(),
  };
}

/** Searches for lost incidents are no part of this. */
const ofBundles = (requests: readonly string[]) => requests.filter((one) => !one.endsWith('query_paged'));
const count = (requests: readonly string[], which: string) => requests.filter((one) => one === which).length;
const saidOff = () => bench.log.lines.filter(({ fields }) => fields['event'] === 'target.bundles-off');

const POST = 'POST /incidents';
const POST_NOTE = 'POST /incidents/N/comments';
const GET_NOTES = 'GET /incidents/N/comments';
const POST_ARTIFACT = 'POST /incidents/N/artifacts';
const GET_ARTIFACTS = 'GET /incidents/N/artifacts';

describe('an incident with ten notes and twenty artifacts', () => {
  it.each([
    ['shown', [POST], [POST]],
    ['omitted', [POST, GET_NOTES, GET_ARTIFACTS, GET_NOTES], [POST, GET_NOTES, GET_ARTIFACTS]],
    ['without-ids', [POST, GET_NOTES, GET_ARTIFACTS], [POST, GET_NOTES, GET_ARTIFACTS]],
  ] as const)('takes at most four requests (the answer: %s)', async (bundledAnswer, first, then) => {
    await started({ bundledAnswer });
    const feed = await bench.feed();
    for (const expected of [first, then]) {
      const events = await whole({ notes: TEN_NOTES, artifacts: TWENTY_ARTIFACTS });
      let results: unknown[] = [];
      const requests = await bench.requests(async () => (results = await bench.deliverWhole(feed, events)));
      expect(ofBundles(requests)).toEqual(expected);
      expect(counterpart(events)).toMatchObject(held(events));
      expect(results).toEqual(events.map(() => expect.objectContaining({ status: 'delivered', change: 'created' })));
      expect(await bench.requests(() => bench.deliverAll(feed, events.slice(1)))).toEqual([]);
    }
    expect(saidOff()).toEqual([]);
  });

  it('takes one for each where bundle_creates is off, and for those that a live incident brings', async () => {
    await started();
    const off = await bench.feed({ bundleCreates: false });
    const events = await whole({ notes: TEN_NOTES, artifacts: TWENTY_ARTIFACTS });
    const requests = ofBundles(await bench.requests(() => bench.deliverWhole(off, events)));
    expect([count(requests, POST_NOTE), count(requests, POST_ARTIFACT)]).toEqual([11, 20]);
    await off.close();
    const live = await whole({ notes: ['one'] });
    const feed = await bench.feed();
    expect(ofBundles(await bench.requests(() => bench.deliverAll(feed, live)))).toEqual([POST, POST_NOTE]);
  });
});

describe('a server that does otherwise', () => {
  const SOME = { notes: ['<p>one</p>', 'two'], artifacts: TWENTY_ARTIFACTS.slice(0, 3) };

  it.each([
    ['ignored', ['notes', 'artifacts']],
    ['notes-only', ['artifacts']],
    ['artifacts-only', ['notes']],
  ] as const)('has each in a request of its own where it does not take them, said once: %s', async (taken, said) => {
    await started({ bundledObjects: taken });
    const feed = await bench.feed();
    const [first, second] = [await whole(SOME), await whole(SOME)];
    await bench.deliverWhole(feed, first);
    const requests = ofBundles(await bench.requests(() => bench.deliverWhole(feed, second)));
    for (const events of [first, second]) expect(counterpart(events)).toMatchObject(held(events));
    expect(saidOff().map(({ fields }) => fields['kind'])).toEqual(said);
    expect(requests.filter((one) => one.startsWith('GET'))).toEqual([]);
    expect(count(requests, POST_ARTIFACT)).toBe(taken === 'artifacts-only' ? 0 : 3);
  });

  it('makes them singly where it refuses them, and sends none any more after the third time', async () => {
    await started({ bundledObjects: 'refused' });
    const feed = await bench.feed();
    for (const round of numbers(4)) {
      const events = await whole(SOME);
      const requests = await bench.requests(() => bench.deliverWhole(feed, events));
      expect(counterpart(events)).toMatchObject(held(events));
      expect(count(requests, POST)).toBe(round === 4 ? 1 : 2);
    }
    expect(saidOff()).toHaveLength(2);
  });

  it('lets one that it refuses fail alone', async () => {
    await started();
    bench.simulator.behaviour = { ...bench.simulator.behaviour, maxArtifacts: 2 };
    const feed = await bench.feed();
    const events = await whole({ notes: SOME.notes });
    bench.simulator.behaviour = { ...bench.simulator.behaviour, maxArtifacts: 500 };
    const many = await whole(SOME);
    bench.simulator.behaviour = { ...bench.simulator.behaviour, maxArtifacts: 2 };
    await bench.deliverWhole(feed, events);
    const [incident, ...below] = many;
    const following = async () => below;
    expect(await bench.deliver(feed, incident as FeedEvent, 1, { following })).toMatchObject({ change: 'created' });
    const fates = await Promise.allSettled(below.map((event) => bench.deliver(feed, event)));
    expect(fates.map(({ status }) => status).sort()).toEqual([...numbers(4).map(() => 'fulfilled'), 'rejected']);
    expect(counterpart(many)).toMatchObject({ notes: held(many).notes });
    expect(counterpart(many).artifacts).toHaveLength(2);
  });

  it.each(['merged', 'late'] as const)('has every object once: %s', async (bundledObjects) => {
    await started({ bundledObjects });
    const feed = await bench.feed();
    for (const _ of numbers(2)) {
      const events = await whole({ notes: ['twice', 'twice', 'once'], artifacts: TWENTY_ARTIFACTS.slice(0, 4) });
      await bench.deliverWhole(feed, events);
      expect(counterpart(events)).toMatchObject(held(events));
    }
    expect(saidOff()).toEqual([]);
  });

  it('gets what it may split, merge or clean singly, and what has replies or a file', async () => {
    await started();
    const feed = await bench.feed();
    const { source, events } = bench;
    const { id } = source.createIncident({ name: `Incident ${(made += 1)}`, discovered_date: made });
    const note = source.addNote({ incidentId: id }, 'with a reply');
    source.reply(note.id, 'the reply');
    source.addNote({ incidentId: id }, '<span style="color: red">styled</span>');
    source.addNote({ incidentId: id }, 'plain');
    source.addArtifact(id, { type: 'IP Address', value: '10.0.0.7' });
    source.addArtifact(id, { type: 'File Name', value: 'two words.txt' });
    await source.settled();
    const all = await events.whole(id);
    const [incident] = all;
    await bench.deliver(feed, incident as FeedEvent, 1, { following: async () => all.slice(1) });
    const { notes, artifacts } = counterpart(all);
    expect(notes).toEqual(['plain']);
    expect(artifacts).toEqual(['10.0.0.7', 'two words.txt']);
    await bench.deliverAll(feed, all.slice(1));
    expect(counterpart(all)).toMatchObject({ artifacts });
  });
});

describe('two equal notes', () => {
  it.each([
    ['the second has a reply', 1, ['twice']],
    ['the first has a reply', 0, []],
  ])('are made in their order: %s', async (_what, replied, travelling) => {
    await started();
    const feed = await bench.feed();
    const { source, events } = bench;
    const { id } = source.createIncident({ name: `Incident ${(made += 1)}`, discovered_date: made });
    const notes = [0, 1].map(() => source.addNote({ incidentId: id }, 'twice'));
    source.reply(notes[replied]?.id ?? 0, 'the reply');
    await source.settled();
    const all = await events.whole(id);
    await bench.deliver(feed, all[0] as FeedEvent, 1, { following: async () => all.slice(1) });
    expect(counterpart(all).notes).toEqual(travelling);
    await bench.deliverAll(feed, all.slice(1));
    const copies = bench.target
      .notes({ incidentId: counterpart(all).id })
      .filter(({ text }) => String(text) === 'twice');
    expect(copies.map(({ children }) => children.length)).toEqual([0, 1].map((at) => (at === replied ? 1 : 0)));
  });
});

describe('a create with a bundle that is not answered', () => {
  const SOME = { notes: ['twice', 'twice', '<p>once</p>'], artifacts: TWENTY_ARTIFACTS.slice(0, 3) };

  async function unanswered(reset: 'before' | 'after', settings = {}, behaviour: Partial<Behaviour> = {}) {
    await started(behaviour);
    const events = await whole(SOME);
    const feed = await bench.feed(settings);
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset, times: 1 });
    const following = async () => events.slice(1);
    const [incident] = events as [FeedEvent];
    await expect(bench.deliver(feed, incident, 1, { following })).rejects.toMatchObject({ kind: 'retryable' });
    return { events, incident, feed, following };
  }

  it.each(['the same process', 'another process'])('has its incident and its objects found by %s', async (who) => {
    const { events, incident, feed, following } = await unanswered('after');
    if (who === 'another process') await feed.close();
    const next = who === 'another process' ? await bench.feed() : feed;
    const attempt = who === 'another process' ? 1 : 2;
    const requests = await bench.requests(async () => {
      await bench.deliver(next, incident, attempt, { following });
      await bench.deliverAll(next, events.slice(1));
    });
    expect(ofBundles(requests).filter((one) => one.startsWith('POST'))).toEqual([]);
    // One for the note about the origin, one list for each type.
    expect([count(requests, GET_NOTES), count(requests, GET_ARTIFACTS)]).toEqual([2, 1]);
    expect(counterpart(events)).toMatchObject(held(events));
  });

  it.each([
    ['before', {}],
    ['after', { bundledObjects: 'ignored' }],
  ] as const)('has its objects made once nothing can appear any more: reset %s, %j', async (reset, behaviour) => {
    const { events, incident, feed, following } = await unanswered(reset, { createSettleMs: 400 }, behaviour);
    const settled = async (event: FeedEvent) =>
      until(async () => (await bench.deliver(feed, event, 2, { following })).status === 'delivered');
    for (const event of [incident, ...events.slice(1)]) await settled(event);
    expect(counterpart(events)).toMatchObject(held(events));
  });

  it('has an object deleted that the source deleted before the incident was found', async () => {
    const { events, incident, feed, following } = await unanswered('after');
    const gone = events.find(({ key }) => key.type === 'artifact') as FeedEvent;
    const deleted = bench.events.deleteOf(gone);
    expect(await bench.deliver(feed, deleted)).toMatchObject({ status: 'waiting', on: incident.key });
    const others = events.filter((event) => event !== gone);
    await bench.deliver(feed, incident, 2, { following });
    await bench.deliverAll(feed, others.slice(1));
    expect(await bench.deliver(feed, deleted)).toMatchObject({ change: 'deleted' });
    const { artifacts } = counterpart(events);
    expect(artifacts).toEqual(held(events).artifacts.filter((value) => value !== gone.payload['value']));
  });

  it('has each linked with its own, whatever the order in which they come', async () => {
    const { events, incident, feed, following } = await unanswered('after');
    await bench.deliver(feed, incident, 2, { following });
    await bench.deliverAll(feed, events.slice(1).reverse());
    const artifact = events.find(({ key }) => key.type === 'artifact') as FeedEvent;
    const payload = { ...artifact.payload, description: 'Changed since' };
    await bench.deliver(feed, { ...artifact, payload });
    const { id } = counterpart(events);
    const changed = bench.target.artifacts(id).filter(({ description }) => String(description) === 'Changed since');
    expect(changed.map(({ value }) => value)).toEqual([artifact.payload['value']]);
  });
});
