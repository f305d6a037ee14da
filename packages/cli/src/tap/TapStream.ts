import { Readable } from 'node:stream';
import { writeJson } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { EventListener, EventWatch } from '@soar-feed/core/runtime';
import { ChangedFields } from './ChangedFields.js';
import { wants } from './TapFilter.js';
import type { TapFilter } from './TapFilter.js';
import type { TapLine } from './TapLine.js';

/** Events that may wait for a slow reader; those beyond are counted, not kept. */
const MOST_WAITING = 1_000;

export interface TapOptions {
  readonly filter: TapFilter;
  /** Also tell which fields changed. */
  readonly fields: boolean;
  /** `events`: server-sent events; else one line of JSON each. */
  readonly format: 'lines' | 'events';
  /** Aborted when the host stops. */
  readonly ending: AbortSignal;
}

/** The events of a host for one reader, as text. However slow the reader is, the host never waits for it. */
export class TapStream extends Readable {
  private readonly waiting: Parameters<EventListener>[] = [];
  private readonly changed: ChangedFields | undefined;
  private readonly stop: () => void;
  private readonly onEnding = (): void => this.later();
  private dropped = 0;
  private isWanted = false;
  private isDue = false;

  constructor(
    events: Pick<EventWatch, 'listen'>,
    private readonly options: TapOptions,
  ) {
    super();
    this.changed = options.fields ? new ChangedFields() : undefined;
    this.push(this.textOf({ kind: 'listening', atMs: Date.now() }));
    this.stop = events.listen((...event) => this.hear(event));
    options.ending.addEventListener('abort', this.onEnding);
  }

  override _read(): void {
    this.isWanted = true;
    this.later();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.stop();
    this.options.ending.removeEventListener('abort', this.onEnding);
    done(error);
  }

  /** On the way of the event: nothing but keeping it. */
  private hear(event: Parameters<EventListener>): void {
    if (!wants(this.options.filter, event[0])) return;
    if (this.waiting.length >= MOST_WAITING) this.dropped += 1;
    else this.waiting.push(event);
    this.later();
  }

  private later(): void {
    if (this.isDue || !this.isWanted) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      if (!this.destroyed && !this.readableEnded) this.pass();
    });
  }

  private pass(): void {
    const lines = this.waiting.splice(0).map((event) => this.textOf(this.lineOf(event)));
    if (this.dropped > 0) {
      lines.push(this.textOf({ kind: 'dropped', events: this.dropped }));
      this.dropped = 0;
    }
    const { aborted } = this.options.ending;
    if (aborted) {
      this.stop();
      lines.push(this.textOf({ kind: 'end' }));
    }
    if (lines.length === 0) return;
    this.isWanted = this.push(lines.join(''));
    if (aborted) this.push(null);
  }

  private lineOf([passing, of]: Parameters<EventListener>): TapLine {
    const fields = of === undefined ? undefined : this.changed?.since(`${passing.type} ${passing.objectId}`, of);
    return { kind: 'event', ...passing, ...(fields === undefined ? {} : { fields }) };
  }

  private textOf(line: TapLine): string {
    const json = writeJson(sharedRedactor.redactAll(line));
    return this.options.format === 'events' ? `data: ${json}\n\n` : `${json}\n`;
  }
}
