import type { FeedStore } from '@soar-feed/core';
import { afterEach, beforeEach, describe, needsExpect } from '../runner/jestLike.js';
import { checkpointScenarios } from './scenarios/checkpoints.js';
import { lifeScenarios } from './scenarios/life.js';
import { lineScenarios } from './scenarios/line.js';
import { outcomeScenarios } from './scenarios/outcomes.js';
import { parkScenarios } from './scenarios/park.js';
import { rawScenarios } from './scenarios/raw.js';
import { removeScenarios } from './scenarios/remove.js';
import { settleScenarios } from './scenarios/settle.js';
import { togetherScenarios } from './scenarios/together.js';
import type { StoreSubject } from './StoreSubject.js';

/** A store with empty state. */
export interface StoreUnderTest {
  /** Not opened yet. */
  readonly store: FeedStore;
  /** Another store on the same state, as a second host would make it; only for `durable` stores. */
  another?(): FeedStore;
  /** Called after the test has closed every store it opened. */
  dispose(): Promise<void>;
}

export interface FeedStoreCase {
  readonly name: string;
  /** The state outlives the object: `make` returns `another`, and the store must allow only one owner. */
  readonly durable?: boolean;
  /** Called before every test. */
  make(): Promise<StoreUnderTest>;
}

/** Tests everything that the contract promises about a `FeedStore`. Needs Jest or Vitest. */
export function describeFeedStore({ name, durable = false, make }: FeedStoreCase): void {
  needsExpect('describeFeedStore');
  describe(`FeedStore: ${name}`, () => {
    let made: StoreUnderTest;
    let opened: FeedStore[] = [];

    const another = (): FeedStore => {
      const store = durable ? made.another?.() : made.store;
      if (store === undefined) throw new Error(`${name} is called durable, so make() must give another().`);
      opened.push(store);
      return store;
    };
    const subject: StoreSubject = {
      get store() {
        return made.store;
      },
      another,
      async reopen() {
        await made.store.close();
        const store = another();
        await store.open();
        return store;
      },
    };

    beforeEach(async () => {
      made = await make();
      opened = [made.store];
      await made.store.open();
    });

    afterEach(async () => {
      for (const store of opened) await store.close();
      await made.dispose();
    });

    describe('life', () => lifeScenarios(subject, durable));
    describe('park', () => parkScenarios(subject));
    describe('line', () => lineScenarios(subject));
    describe('remove', () => removeScenarios(subject));
    describe('raw', () => rawScenarios(subject));
    describe('settle', () => settleScenarios(subject));
    describe('outcomes', () => outcomeScenarios(subject));
    describe('checkpoints', () => checkpointScenarios(subject));
    describe('together', () => togetherScenarios(subject));
  });
}
