import { describe, expect, it } from '@jest/globals';
import type { FeedEvent, TargetCapabilities } from '@soar-feed/core';
import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { targetScenarios } from '../../src/target/targetScenarios.js';
import { TargetSubject } from '../../src/target/TargetSubject.js';
import { shelfCase } from './shelfCase.js';
import type { ShelfBench } from './shelfCase.js';
import { ShelfTarget } from './ShelfTarget.js';

const plain: TargetCapabilities = { deletes: 'apply', content: false };
const whole = shelfCase('a shelf', plain);

/** The messages of the scenarios of a room that failed. */
async function failures(
  room: keyof typeof targetScenarios,
  options: FeedTargetCase<ShelfBench>,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { run } of targetScenarios[room]) {
    const log = recordingLogger();
    const subject = new TargetSubject(await options.make(log), options as unknown as FeedTargetCase<TargetBench>, log);
    await run(subject).catch((error: Error) => failed.push(error.message));
  }
  return failed;
}

describe('a case that does not do what it says is noticed, in words:', () => {
  it('an outage that takes nothing away', async () => {
    const failed = await failures('outage', { ...whole, outage: async () => async () => undefined });
    expect(failed).toHaveLength(2);
    for (const message of failed) {
      expect(message).toMatch(
        /^The case's outage must take the whole destination away\.\nInstead: .*this outage is none/s,
      );
    }
  });

  it('an outage that gives no way back', async () => {
    const gives = { ...whole, outage: async () => undefined as unknown as () => Promise<void> };
    const message =
      "The case's outage must give a function that brings the destination back.\nInstead: it gave undefined";
    expect(await failures('outage', gives)).toEqual([message, message]);
  });

  it('an outage that does not end', async () => {
    const endless = async ({ shelf }: ShelfBench) => {
      shelf.away = true;
      return async () => undefined;
    };
    const failed = await failures('outage', { ...whole, outage: endless });
    expect(failed).toHaveLength(2);
    for (const message of failed) {
      expect(message).toMatch(
        /^The target must open again when its destination is back\.\n.*does not bring the destination/s,
      );
    }
  });

  it('a target that says "delivered" in an outage is told apart from an outage that is none', async () => {
    class Boaster extends ShelfTarget {
      override async deliver(event: FeedEvent, context: Parameters<ShelfTarget['deliver']>[1]) {
        if (this.shelf.away) return { status: 'delivered', change: 'created' } as const;
        return super.deliver(event, context);
      }
    }
    const [message] = await failures(
      'outage',
      shelfCase('a boaster', plain, (...its) => new Boaster(...its)),
    );
    expect(message).toMatch(/^The target must throw an UnavailableError .*which readBack does not find$/s);
  });

  it('a silence that answers', async () => {
    const never = new Promise<never>(() => undefined);
    const silence = async () => ({ reached: never, end: async () => undefined });
    expect(await failures('abort', { ...whole, silence })).toEqual([
      expect.stringMatching(/^The case's silence must take what is sent and never answer.*this silence is none$/s),
    ]);
  });

  it('a poison that is taken', async () => {
    expect(await failures('poison', { ...whole, poison: async () => anIncident() })).toEqual([
      "The case's poison must give an event that the destination does not take.\nInstead: the destination took incident 2100: this poison is none",
    ]);
  });

  it('a readBack that looks at the wrong place', async () => {
    const [message] = await failures('life-cycle', { ...whole, readBack: async () => [] });
    expect(message).toMatch(
      /^The target must have one thing, once at the destination for incident 2100 after .*readBack gave 0: \[\]$/s,
    );
  });
});
