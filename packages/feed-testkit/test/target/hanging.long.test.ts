import { describe, expect, it } from '@jest/globals';
import type { DeliverContext, FeedEvent, TargetCapabilities } from '@soar-feed/core';
import { batching, files, IN_WORDS, runOn } from './brokenTarget.js';
import type { Broken } from './brokenTarget.js';
import { ShelfTarget } from './ShelfTarget.js';

/** Each hangs, and the scenario waits until that is clear. */
const hanging: readonly [RegExp, TargetCapabilities, Broken][] = [
  [
    /^stops a batch that hangs/,
    batching,
    class extends ShelfTarget {
      override batch(events: readonly FeedEvent[], context: DeliverContext) {
        return super.batch(events, { ...context, signal: new AbortController().signal });
      }
    },
  ],
  [
    /^stops when content hangs/,
    files,
    class extends ShelfTarget {
      protected override put(event: FeedEvent) {
        return super.put(event);
      }
    },
  ],
];

describe('a target that does not let go fails the scenario:', () => {
  it.each(hanging)('%s', async (named, capabilities, Target) => {
    await expect(runOn(named, capabilities, Target)).rejects.toThrow(IN_WORDS);
  });
});
