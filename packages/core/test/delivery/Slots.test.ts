import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Slots } from '../../src/delivery/Slots.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Some work that ends when the test says so. */
function work(): { readonly promise: Promise<string>; readonly end: () => void } {
  let end = (): void => undefined;
  const promise = new Promise<string>((resolve) => (end = () => resolve('done')));
  return { promise, end };
}

describe('Slots', () => {
  it('lends the place of one that waits aside, and gives it back in the order it was asked for', async () => {
    const slots = new Slots(() => 1);
    const first = await slots.enter();
    const { promise, end } = work();
    const aside = first.aside(promise);
    const second = await slots.enter();
    let back = false;
    void aside.then(() => (back = true));
    end();
    await turn();
    expect(back).toBe(false);
    second.close();
    expect(await aside).toBe('done');
    let third = false;
    void slots.enter().then(() => (third = true));
    await turn();
    expect(third).toBe(false);
    first.close();
    await turn();
    expect(third).toBe(true);
  });

  it('takes no place for a delivery that was given up while it waited, aside or in line', async () => {
    for (const when of ['aside', 'in line'] as const) {
      const slots = new Slots(() => 1);
      const first = await slots.enter();
      const { promise, end } = work();
      const aside = first.aside(promise);
      const second = await slots.enter();
      if (when === 'in line') {
        end();
        await turn();
      }
      first.close();
      end();
      second.close();
      expect(await aside).toBe('done');
      // The one place is free: two get it, one after the other.
      (await slots.enter()).close();
      (await slots.enter()).close();
    }
  });

  it('is left by an error, too', async () => {
    const slots = new Slots(() => 1);
    const slot = await slots.enter();
    await expect(slot.aside(Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    slot.close();
    slot.close();
    (await slots.enter()).close();
  });

  it('never lets in more than it has, whatever comes, waits aside and goes', async () => {
    const step = fc.record({ aside: fc.boolean(), turns: fc.integer({ min: 0, max: 3 }), givenUp: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 12 }), async (most, steps) => {
        const slots = new Slots(() => most);
        let inside = 0;
        const deliveries = steps.map(async ({ aside, turns, givenUp }) => {
          const slot = await slots.enter();
          inside += 1;
          expect(inside).toBeLessThanOrEqual(most);
          for (let at = 0; at < turns; at += 1) await turn();
          if (aside) {
            inside -= 1;
            const waiting = slot.aside(turn());
            if (givenUp) {
              slot.close();
              await waiting;
              return;
            }
            await waiting;
            inside += 1;
            expect(inside).toBeLessThanOrEqual(most);
          }
          inside -= 1;
          slot.close();
        });
        await Promise.all(deliveries);
        const all = await Promise.all(Array.from({ length: most }, () => slots.enter()));
        expect(all).toHaveLength(most);
      }),
      { numRuns: 50 },
    );
  });
});
