import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker, QueueMessage } from '@soar-feed/soar-simulator';
import { describeMessage } from './describeMessage.js';

/**
 * Holds back the messages of new incidents and tasks on their way to the broker, so that their children arrive first.
 * They keep their time stamps, and later messages of the same object wait behind them, since no platform reorders
 * those.
 */
export class Detour {
  /** By object: the last of its messages that is held. */
  private readonly held = new Map<string, Promise<void>>();
  private left = 0;
  private forMs = 0;

  constructor(broker: Broker, queue: string) {
    const publish = broker.publish.bind(broker);
    broker.publish = (message) => (message.destination === queue ? this.pass(message, publish) : publish(message));
  }

  /** Delays the next `count` of them by `forMs`. */
  delayParents(count: number, forMs: number): void {
    this.left = count;
    this.forMs = forMs;
  }

  /** Resolves when no message is held any more. */
  async over(): Promise<void> {
    this.left = 0;
    await Promise.all(this.held.values());
  }

  private pass(message: QueueMessage, publish: Broker['publish']): Promise<void> {
    const { object, operation, type } = describeMessage(message);
    const before = this.held.get(object);
    const strikes = this.left > 0 && operation === 'created' && (type === 'incident' || type === 'task');
    if (before === undefined && !strikes) return publish(message);
    if (strikes) this.left -= 1;
    const stamped = { ...message, headers: { timestamp: String(Date.now()), ...message.headers } };
    const passed = (before ?? sleep(this.forMs)).then(() => publish(stamped));
    this.held.set(object, passed);
    return passed.finally(() => this.held.get(object) === passed && this.held.delete(object));
  }
}
