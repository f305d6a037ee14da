import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { keyText, PermanentError, RetryableError } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, TargetCapabilities } from '@soar-feed/core';
import { describeFeedTarget, recordingLogger } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { missing } from '../../src/target/needs.js';
import { targetScenarios } from '../../src/target/targetScenarios.js';
import { TargetSubject } from '../../src/target/TargetSubject.js';
import { traitsOf } from '../../src/target/traitsOf.js';
import { shelfCase } from './shelfCase.js';
import { ShelfTarget } from './ShelfTarget.js';

const plain: TargetCapabilities = { deletes: 'apply', content: false };
const files: TargetCapabilities = { deletes: 'apply', content: true };
const batching: TargetCapabilities = { deletes: 'mark', content: false, batch: { maxEvents: 10, maxWaitMs: 5 } };

describeFeedTarget(shelfCase('a shelf', plain));
describeFeedTarget(shelfCase('a shelf for files that keeps what is deleted', { ...files, deletes: 'ignore' }));
describeFeedTarget(shelfCase('a shelf that batches and marks', batching));

type Broken = new (...its: ConstructorParameters<typeof ShelfTarget>) => ShelfTarget;

/** Each breaks one promise: [what it does, the room in which that shows, its capabilities, the target]. */
const broken: readonly [string, keyof typeof targetScenarios, TargetCapabilities, Broken][] = [
  [
    'declares something else',
    'life-cycle',
    plain,
    class extends ShelfTarget {
      override readonly capabilities = files;
    },
  ],
  [
    'cannot be closed twice',
    'life-cycle',
    plain,
    class extends ShelfTarget {
      private closed = false;
      override async close(): Promise<void> {
        if (this.closed) throw new Error('closed already');
        this.closed = true;
      }
    },
  ],
  [
    'puts a second copy',
    'twice is once',
    plain,
    class extends ShelfTarget {
      protected override async put({ key, payload }: FeedEvent) {
        this.shelf.documents.push({ key, fields: payload });
        return { status: 'delivered', change: 'updated' } as const;
      }
    },
  ],
  [
    'says it delivered and keeps nothing',
    'twice is once',
    plain,
    class extends ShelfTarget {
      protected override async put() {
        return { status: 'delivered', change: 'updated' } as const;
      }
    },
  ],
  [
    'keeps the first snapshot',
    'newest wins',
    plain,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent) {
        if (this.shelf.of(event.key).length > 0) return { status: 'delivered', change: 'unchanged' } as const;
        return super.put(event);
      }
    },
  ],
  [
    'adds to what is there and takes nothing away',
    'newest wins',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const news = Object.entries(event.payload).filter(([, value]) => value !== null);
        const payload = { ...this.shelf.of(event.key)[0]?.fields, ...Object.fromEntries(news) };
        return super.put({ ...event, payload });
      }
    },
  ],
  [
    'leaves what hangs below a deleted object',
    'deletes',
    plain,
    class extends ShelfTarget {
      protected override async delete({ key }: FeedEvent) {
        this.shelf.documents = this.shelf.documents.filter((one) => keyText(one.key) !== keyText(key));
        return { status: 'delivered', change: 'deleted' } as const;
      }
    },
  ],
  [
    'fails on the delete of what it has not',
    'deletes',
    plain,
    class extends ShelfTarget {
      protected override async delete(event: FeedEvent) {
        if (this.shelf.of(event.key).length === 0) throw new PermanentError('not there', { code: 'not-there' });
        return super.delete(event);
      }
    },
  ],
  [
    'removes what it said it marks',
    'deletes',
    batching,
    class extends ShelfTarget {
      protected override async delete() {
        this.shelf.documents = [];
        return { status: 'delivered', change: 'deleted' } as const;
      }
    },
  ],
  [
    'waits for something that is no parent',
    'missing parent',
    plain,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent) {
        if (event.parent === undefined || this.shelf.of(event.parent).length > 0) return super.put(event);
        return { status: 'waiting', on: event.key } as const;
      }
    },
  ],
  [
    'mixes up events that come at once',
    'together',
    plain,
    class extends ShelfTarget {
      private event: FeedEvent | undefined;
      protected override async put(event: FeedEvent) {
        this.event = event;
        await sleep(1);
        return super.put(this.event);
      }
    },
  ],
  [
    'blames the object for an outage',
    'outage',
    plain,
    class extends ShelfTarget {
      override async deliver(event: FeedEvent, context: DeliverContext) {
        if (this.shelf.away) throw new RetryableError('no answer', { code: 'no-answer' });
        return super.deliver(event, context);
      }
    },
  ],
  [
    'tries the refused object for ever',
    'poison',
    plain,
    class extends ShelfTarget {
      override async deliver(event: FeedEvent, context: DeliverContext) {
        if (event.payload['name'] === 'poison') throw new RetryableError('refused', { code: 'refused' });
        return super.deliver(event, context);
      }
    },
  ],
  [
    'goes on after an abort',
    'abort',
    plain,
    class extends ShelfTarget {
      override deliver(event: FeedEvent, context: DeliverContext) {
        return super.deliver(event, { ...context, signal: new AbortController().signal });
      }
    },
  ],
  [
    'fails a whole batch for one of its events',
    'batch',
    batching,
    class extends ShelfTarget {
      override async batch(events: readonly FeedEvent[], context: DeliverContext) {
        const outcomes = await super.batch(events, context);
        return outcomes.find(({ status }) => status === 'failed') === undefined
          ? outcomes
          : events.map(() => ({ status: 'failed', error: new PermanentError('no', { code: 'no' }) }) as const);
      }
    },
  ],
  [
    'answers a batch in another order',
    'batch',
    batching,
    class extends ShelfTarget {
      override async batch(events: readonly FeedEvent[], context: DeliverContext) {
        const outcomes = await super.batch(events, context);
        return [...outcomes].sort((a, b) => a.status.localeCompare(b.status));
      }
    },
  ],
  [
    'reads a content that it does not want',
    'content',
    plain,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent) {
        await event.content?.open();
        return super.put(event);
      }
    },
  ],
  [
    'lets a content’s stream hang',
    'content',
    files,
    class extends ShelfTarget {
      protected override async put(event: FeedEvent) {
        await event.content?.open();
        return super.put(event);
      }
    },
  ],
  [
    'makes words of what is not there',
    'odd values',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const words = Object.entries(event.payload).map(([name, value]) => [name, String(value)]);
        return super.put({ ...event, payload: Object.fromEntries(words) as FeedEvent['payload'] });
      }
    },
  ],
  [
    'cuts a long text',
    'odd values',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const text = (event.payload['description'] as { content: string } | null | undefined)?.content;
        const description = text?.slice(0, 65_535) ?? null;
        return super.put({ ...event, payload: { ...event.payload, description } });
      }
    },
  ],
  [
    'writes JSON as it always did',
    'odd values',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        JSON.stringify(event.payload);
        return super.put(event);
      }
    },
  ],
  [
    'trusts the kind of every value',
    'odd values',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const { name } = event.payload;
        return super.put({ ...event, payload: { ...event.payload, name: (name as string | undefined)?.trim() } });
      }
    },
  ],
  [
    'keeps a mark on the schema',
    'input untouched',
    plain,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        const fields = event.schema.fields as Map<string, unknown>;
        fields.set('mark', Number(fields.get('mark') ?? 0) + 1);
        return super.put(event);
      }
    },
  ],
  [
    'shows a secret in the cause of an error',
    'no secret',
    plain,
    class extends ShelfTarget {
      override async deliver(event: FeedEvent, context: DeliverContext) {
        if (!this.shelf.away) return super.deliver(event, context);
        throw new RetryableError('no answer', { code: 'no', cause: { headers: new Map([['auth', 'open sesame']]) } });
      }
    },
  ],
  [
    'logs a payload',
    'no secret',
    plain,
    class extends ShelfTarget {
      override async deliver(event: FeedEvent, context: DeliverContext) {
        context.log.debug('Delivering.', { payload: event.payload });
        return super.deliver(event, context);
      }
    },
  ],
];

describe('a target that breaks a promise fails a scenario: one that', () => {
  it.each(broken)(
    '%s (%s)',
    async (name, room, capabilities, Target) => {
      const options = shelfCase(name, capabilities, (...its) => new Target(...its));
      const scenarios = targetScenarios[room].filter(({ needs }) => missing(needs, traitsOf(options)) === undefined);
      const failed: string[] = [];
      for (const { name: scenario, run } of scenarios) {
        const log = recordingLogger();
        const bench = await options.make(log);
        const subject = new TargetSubject(bench, options as unknown as FeedTargetCase<TargetBench>, log);
        await run(subject).catch((error: Error) => failed.push(`${scenario}: ${error.message}`));
      }
      expect(failed.length).toBeGreaterThan(0);
      // In words: what was asked, and what it did.
      for (const one of failed) expect(one).toMatch(/: The target must .+\.\nInstead: .+/s);
    },
    20_000,
  );
});
