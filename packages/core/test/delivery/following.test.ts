import { describe, expect, it } from '@jest/globals';
import type { DeliverContext, FeedEvent } from '@soar-feed/core';
import { aDelete, aNote, anArtifact, anIncident, aTask } from '@soar-feed/feed-testkit';
import { benches, nameOf, ScriptedTarget } from './feedBench.js';

const { bench } = benches();
const reload = { origin: 'reload' } as const;

/** A feed whose target asks, with each incident, for what follows. */
async function asking() {
  const target = new ScriptedTarget();
  const told: (readonly string[] | undefined)[] = [];
  target.answer = async (_event, { following }: DeliverContext) => {
    told.push((await following?.())?.map(nameOf));
    return { status: 'delivered', change: 'created' };
  };
  const made = bench(target);
  await made.feed.start();
  return { ...made, target, told };
}

const objects = (): readonly FeedEvent[] => [aTask(), aNote(), anArtifact()];

describe('the objects that follow an incident', () => {
  it('are told with it, and have their own deliveries afterwards', async () => {
    const { feed, target, told } = await asking();
    const following = objects();
    await feed.accept(anIncident(reload), { following });
    await Promise.all(following.map((event) => feed.accept(event)));
    expect(told).toEqual([following.map(nameOf), undefined, undefined, undefined]);
    expect(target.seen.slice(1)).toEqual(following.map(nameOf));
  });

  it('are told again at each attempt', async () => {
    const { feed, target, clock } = await asking();
    let asked = 0;
    target.answer = async (_event, { following }) => {
      asked += (await following?.())?.length ?? 0;
      return asked < 6 ? new Error('again') : { status: 'delivered', change: 'created' };
    };
    const ended = feed.accept(anIncident(reload), { following: objects() });
    await clock.advance(60_000);
    expect(await ended).toMatchObject({ outcome: 'delivered' });
    expect(asked).toBe(6);
  });

  it('are not those that are parked, were deleted, or hang below what was deleted', async () => {
    const { feed, parking, told } = await asking();
    const [task, note, artifact] = objects() as [FeedEvent, FeedEvent, FeedEvent];
    const below = aNote({ objectId: 999, parent: task.key });
    await feed.accept(aDelete(task));
    await parking.park(artifact, { state: 'waiting', on: anIncident().key });
    await feed.accept(anIncident(reload), { following: [task, note, artifact, below] });
    expect(told.at(-1)).toEqual([nameOf(note)]);
  });

  it('are none of an incident that comes alone', async () => {
    const { feed, told } = await asking();
    await feed.accept(anIncident());
    expect(told).toEqual([undefined]);
  });
});
