/**
 * Does the work for each item, as many at a time as there are helpers; returns the results in the order of the items.
 */
export async function inTurns<Item, Helper, Result>(
  items: readonly Item[],
  helpers: readonly Helper[],
  work: (item: Item, helper: Helper) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const takeTurns = async (helper: Helper): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at] as Item, helper);
    }
  };
  await Promise.all(helpers.map(takeTurns));
  return results;
}
