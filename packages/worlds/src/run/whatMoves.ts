import type { World } from '../world/World.js';

/** What still moves by itself; `undefined`: nothing, unless a request is under way. */
export function whatMoves({
  host,
  opposite,
  oppositeQueue,
  simulator,
  queue,
  story,
  diskFault,
  succession,
}: World): string | undefined {
  if (diskFault !== undefined) return 'the disk refuses changes';
  if (succession.moving !== undefined) return succession.moving;
  if (host?.host === undefined) return 'no host runs';
  if (!host.saw('host.ready')) return 'the host is not ready';
  if ((story.site.reload || story.seeding === 'loaded') && !host.saw('reload.finished'))
    return 'the reload is not finished';
  const depth = simulator.broker.depth(queue);
  if (depth > 0) return `${depth} messages are still queued (${simulator.broker.unacked(queue)} handed out)`;
  if (opposite !== undefined) {
    if (opposite.host?.saw('host.ready') !== true) return 'the second host is not ready';
    const left = simulator.broker.depth(oppositeQueue);
    if (left > 0) return `${left} messages are still queued for the second host`;
  }
  for (const feed of host.host.status().feeds) {
    const { waiting, deferred, resync, undecided, failed } = feed.parked;
    if (feed.queued > 0) return `${feed.name} has ${feed.queued} events in its lanes`;
    // What waits for an object that a person must tell, or have tried again, waits for that person.
    const isForAPerson = (undecided ?? 0) + (failed ?? 0) > 0;
    const rows = (isForAPerson ? 0 : (waiting ?? 0)) + (deferred ?? 0) + (resync ?? 0);
    if (rows > 0) return `${rows} parked rows of ${feed.name} should come back by themselves`;
  }
  return undefined;
}
