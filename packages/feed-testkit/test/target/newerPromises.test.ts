import { describe, expect, it } from '@jest/globals';
import { PermanentError, UnavailableError } from '@soar-feed/core';
import type { DeliverContext, DeliveryOutcome, FeedEvent, TargetCapabilities } from '@soar-feed/core';
import { batching, files, IN_WORDS, marking, plain, runOn } from './brokenTarget.js';
import type { Broken } from './brokenTarget.js';
import { ShelfTarget } from './ShelfTarget.js';

type Events = readonly FeedEvent[];

class ForgetsInMemory extends ShelfTarget {
  private readonly seen = new Set<string>();
  protected override async put(event: FeedEvent) {
    if (this.seen.has(event.id)) return { status: 'delivered', change: 'unchanged' } as const;
    this.seen.add(event.id);
    this.shelf.documents.push({ key: event.key, fields: event.payload });
    return { status: 'delivered', change: 'created' } as const;
  }
}

/** Each breaks the promise of one scenario: [the scenario, capabilities, the target]. */
const broken: readonly [RegExp, TargetCapabilities, Broken][] = [
  [
    /^goes back to an older version/,
    plain,
    class extends ShelfTarget {
      protected override put({ restored: _, ...event }: FeedEvent) {
        return super.put(event);
      }
    },
  ],
  [
    /^writes a deleted object again/,
    plain,
    class extends ShelfTarget {
      private readonly gone = new Set<number>();
      protected override async delete(event: FeedEvent) {
        this.gone.add(event.key.objectId);
        return super.delete(event);
      }
      protected override async put(event: FeedEvent) {
        if (this.gone.has(event.key.objectId)) return { status: 'delivered', change: 'unchanged' } as const;
        return super.put(event);
      }
    },
  ],
  [
    /^keeps the newer of two snapshots/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        return super.put({ ...event, restored: true });
      }
    },
  ],
  [
    /^keeps the mark of a delete/,
    marking,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        return super.put({ ...event, restored: true });
      }
    },
  ],
  [
    /^loads a closed incident whole/,
    plain,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent) {
        if (event.payload['plan_status'] !== 'C') return super.put(event);
        this.shelf.documents.push({ key: event.key, fields: event.payload });
        return { status: 'delivered', change: 'updated' } as const;
      }
    },
  ],
  [/^continues where another process ended/, plain, ForgetsInMemory],
  [/^writes one of each object whose delivery was aborted/, plain, ForgetsInMemory],
  [
    /^accepts as many events in one batch/,
    batching,
    class extends ShelfTarget {
      override async batch(events: Events, context: DeliverContext): Promise<readonly DeliveryOutcome[]> {
        const some = await super.batch(events.slice(0, 8), context);
        return events.map((_, at) => some[at] ?? { status: 'delivered', change: 'created' });
      }
    },
  ],
  [
    /^applies the events of one object/,
    batching,
    class extends ShelfTarget {
      override async batch(events: Events, context: DeliverContext) {
        const order = [...events].sort((a, b) => a.operation.localeCompare(b.operation));
        await super.batch(order, context);
        return events.map(() => ({ status: 'delivered', change: 'updated' }) as const);
      }
    },
  ],
  [
    /^accepts a parent and its children/,
    batching,
    class extends ShelfTarget {
      override async batch(events: Events, context: DeliverContext) {
        const known = new Set(this.shelf.documents.map(({ key }) => key.objectId));
        const orphan = new PermanentError('Its parent is not there.', { code: 'shelf-orphan' });
        const outcomes = await super.batch(events, context);
        return outcomes.map((outcome, at) => {
          const { parent } = events[at] as FeedEvent;
          return parent === undefined || known.has(parent.objectId)
            ? outcome
            : ({ status: 'failed', error: orphan } as const);
        });
      }
    },
  ],
  [
    /^fails a whole batch with UnavailableError/,
    batching,
    class extends ShelfTarget {
      override async batch(events: Events, context: DeliverContext) {
        const error = new PermanentError('The batch failed.', { code: 'shelf-batch' });
        if (this.shelf.away) return events.map(() => ({ status: 'failed', error }) as const);
        return super.batch(events, context);
      }
    },
  ],
  [
    /^writes an empty file/,
    files,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent, signal?: AbortSignal) {
        const result = await super.put(event, signal);
        this.shelf.documents = this.shelf.documents.map((one) =>
          one.bytes?.length === 0 ? { ...one, bytes: Buffer.from('undefined') } : one,
        );
        return result;
      }
    },
  ],
  [
    /^accepts or refuses files with hostile names/,
    files,
    class extends ShelfTarget {
      protected override put(event: FeedEvent, signal?: AbortSignal) {
        if (event.content?.name.includes('\n')) throw new TypeError('Invalid character in header content');
        return super.put(event, signal);
      }
    },
  ],
  [
    /^accepts a snapshot with a field that is new/,
    plain,
    class extends ShelfTarget {
      private known = 0;
      protected override put(event: FeedEvent) {
        if (event.key.type !== 'incident') return super.put(event);
        this.known ||= event.schema.fields.size;
        if (event.schema.fields.size !== this.known) throw new Error('no such column');
        return super.put(event);
      }
    },
  ],
  [
    /^shows the value of a field that is new/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const { properties: _, ...payload } = event.payload;
        return super.put({ ...event, payload });
      }
    },
  ],
  [
    /^accepts or refuses a field whose type changed/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const amount = (event.payload['properties'] as { amount?: unknown } | undefined)?.amount;
        if (typeof amount === 'string') throw new RangeError('invalid input syntax for type integer');
        return super.put(event);
      }
    },
  ],
  [
    /^accepts a renamed option/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        if (event.payload['severity_code'] === 59) throw new UnavailableError('unknown option', { code: 'shelf-x' });
        return super.put(event);
      }
    },
  ],
  [
    /^writes all of 400 custom fields/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const properties = Object.entries((event.payload['properties'] as object | undefined) ?? {}).slice(0, 250);
        return super.put({ ...event, payload: { ...event.payload, properties: Object.fromEntries(properties) } });
      }
    },
  ],
  [
    /^accepts or refuses data tables and columns/,
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        if (event.key.type.includes('"')) throw new SyntaxError('unterminated identifier');
        return super.put(event);
      }
    },
  ],
];

describe('a target that breaks the promise fails the scenario:', () => {
  it.each(broken)('%s', async (named, capabilities, Target) => {
    await expect(runOn(named, capabilities, Target)).rejects.toThrow(IN_WORDS);
  });
});
