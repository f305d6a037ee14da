import type { Behaviour } from '../../src/behaviour/Behaviour.js';
import { likeliest } from '../../src/behaviour/Behaviour.js';
import { AnalystDoor } from '../../src/org/AnalystDoor.js';
import { Org } from '../../src/org/Org.js';
import type { OrgOptions } from '../../src/org/OrgOptions.js';
import type { SimOrg } from '../../src/org/SimOrg.js';
import type { Broker, QueueMessage } from '../../src/stomp/Broker.js';

/** An org without REST and sockets, and the messages it would have queued. */
export function openOrg(
  options: OrgOptions,
  behaviour: Partial<Behaviour> = {},
): SimOrg & { messages: QueueMessage[] } {
  const messages: QueueMessage[] = [];
  let now = 1_750_000_000_000;
  const world = {
    behaviour: () => ({ ...likeliest, ...behaviour }),
    now: () => (now += 1),
    steadyNow: () => now,
    broker: () => ({ publish: (message: QueueMessage) => Promise.resolve(void messages.push(message)) }) as Broker,
  };
  const org = new Org({ idBase: options.idBase ?? (options.id === 202 ? 10_000 : 0), ...options }, world);
  return Object.assign(new AnalystDoor(org, () => undefined), { messages });
}
