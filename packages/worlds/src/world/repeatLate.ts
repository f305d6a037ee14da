import type { World } from './World.js';

/** The next messages come once more, `forMs` later: a broker that failed over has forgotten that they were acknowledged. */
export function repeatLate({ simulator: { broker }, machine, queue }: World, count: number, forMs: number): void {
  let left = count;
  const publish = broker.publish.bind(broker);
  const newest = () => broker.savedMessages().findLast((saved) => saved.queue === queue);
  broker.publish = (message) => {
    if (left === 0 || message.destination !== queue) return publish(message);
    const before = newest()?.messageId;
    const published = publish(message);
    const queued = newest();
    // One that is held back, as by `delayParents`, is not in the queue yet.
    if (queued === undefined || queued.messageId === before) return published;
    left -= 1;
    machine.time.after(forMs, undefined, () => broker.loadMessages([queued]));
    return published;
  };
}
