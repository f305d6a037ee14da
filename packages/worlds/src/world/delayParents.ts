import type { QueueMessage } from '@soar-feed/soar-simulator';
import type { World } from './World.js';

/** The messages of the next new incidents and tasks arrive `forMs` late, and so after those of their children. */
export function delayParents({ simulator: { broker }, machine, queue }: World, count: number, forMs: number): void {
  let left = count;
  const publish = broker.publish.bind(broker);
  broker.publish = (message) => {
    if (left === 0 || message.destination !== queue || !isNewParent(message)) return publish(message);
    left -= 1;
    machine.time.after(forMs, undefined, () => void publish(message));
    return Promise.resolve();
  };
}

function isNewParent({ body }: QueueMessage): boolean {
  const data = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const isChild = ['row', 'note', 'attachment', 'artifact', 'milestone'].some((type) => (data[type] ?? null) !== null);
  return data['operation_type'] === 'create' && !isChild;
}
