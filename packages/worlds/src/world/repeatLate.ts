import type { World } from './World.js';

/** The next messages come once more, `forMs` later: a broker that failed over has forgotten that they were acknowledged. */
export function repeatLate({ simulator: { broker }, machine, queue }: World, count: number, forMs: number): void {
  let left = count;
  const publish = broker.publish.bind(broker);
  broker.publish = async (message) => {
    await publish(message);
    const queued = broker.savedMessages().findLast((saved) => saved.queue === queue);
    if (left === 0 || message.destination !== queue || queued === undefined) return;
    left -= 1;
    machine.time.after(forMs, undefined, () => broker.loadMessages([queued]));
  };
}
