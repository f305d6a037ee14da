import type { Logger } from '../../contract/Logger.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';
import { OUTAGE } from './policy.js';

/** An outage of the source as the parked rows of one feed meet it: logged when it begins and when it is over. */
export class Outage {
  private times = 0;

  constructor(
    private readonly feed: string,
    private readonly log: Logger,
  ) {}

  met(error: unknown): void {
    this.times += 1;
    this.log[this.times === 1 ? 'warn' : 'debug'](OUTAGE.begins(this.feed, messageOf(error)), {
      ...{ feed: this.feed, event: 'replay.waits', code: classify(error).code, times: this.times },
    });
  }

  /** Everything went well. */
  over(): void {
    if (this.times === 0) return;
    this.log.info(OUTAGE.ends(this.feed), { feed: this.feed, event: 'replay.goes-on', times: this.times });
    this.times = 0;
  }
}
