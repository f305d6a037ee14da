import type { Logger } from '@soar-feed/core';
import type { LogFields } from '@soar-feed/core';
import { epochMs } from './epochMs.js';

/** Records when each note became durable in a feed, and logs nothing but errors. */
export class ArrivalLog implements Logger {
  /** Note id → ms. */
  readonly arrivals = new Map<unknown, number>();

  constructor(private readonly feed: string) {}

  debug(message: string, { feed, type, objectId }: LogFields = {}): void {
    if (message === 'delivered' && feed === this.feed && type === 'note') this.arrivals.set(objectId, epochMs());
  }

  info(): void {}

  warn(): void {}

  error(message: string, fields?: LogFields): void {
    console.error(message, fields?.['error'] ?? '');
  }

  child(fields: LogFields): Logger {
    return {
      debug: (message, more) => this.debug(message, { ...fields, ...more }),
      info: () => undefined,
      warn: () => undefined,
      error: (message, more) => this.error(message, { ...fields, ...more }),
      child: (more) => this.child({ ...fields, ...more }),
    };
  }
}
