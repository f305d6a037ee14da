import type { ActionReply } from '@soar-feed/soar-client';
import type { Clock } from '../../contract/Clock.js';

const KEPT = 1_000;
const KEPT_MS = 60 * 60_000;

/**
 * Settled messages and their answers. An ack can be lost without notice, and then the broker brings the message again: it gets
 * the same answer and is acknowledged, but not processed again (1,000 ids, 1 h, as resilient-circuits).
 */
export class AckLedger {
  private readonly settled = new Map<string, { reply: ActionReply; atMs: number }>();

  constructor(private readonly clock: Clock) {}

  remember(messageId: string, reply: ActionReply): void {
    this.settled.set(messageId, { reply, atMs: this.clock.steadyMs() });
    for (const [oldest] of this.settled) {
      if (this.settled.size <= KEPT) break;
      this.settled.delete(oldest);
    }
  }

  answerTo(messageId: string): ActionReply | undefined {
    const found = this.settled.get(messageId);
    return found === undefined || this.clock.steadyMs() - found.atMs > KEPT_MS ? undefined : found.reply;
  }
}
