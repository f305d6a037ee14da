type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One position for every factor. */
export type Row<F extends Factors> = { readonly [Name in keyof F]: F[Name][number] };

/** The number of a position by the number of its factor; `undefined` while any will do. */
type Draft = (number | undefined)[];

/**
 * A few rows in which every two positions of any two factors stand together at least once: most faults need one position,
 * nearly all the others two. Grown factor by factor (the method is known as IPO), without chance.
 */
export function pairwise<F extends Factors>(factors: F): Row<F>[] {
  // The widest first: the rows that they need anyway hold most of what the others need.
  const names = Object.keys(factors).sort((a, b) => (factors[b]?.length ?? 0) - (factors[a]?.length ?? 0));
  const sizes = names.map((name) => factors[name]?.length ?? 0);
  const drafts: Draft[] = sizes.length === 0 ? [] : positions(sizes[0]).map((position) => [position]);
  for (let factor = 1; factor < sizes.length; factor += 1) {
    const open = openPairs(sizes, factor);
    widen(drafts, factor, sizes[factor] ?? 0, open);
    lengthen(drafts, factor, open);
  }
  return drafts.map(
    (draft, at) =>
      Object.fromEntries(
        names.map((name, factor) => [name, factors[name]?.[draft[factor] ?? at % (sizes[factor] ?? 1)]]),
      ) as Row<F>,
  );
}

const positions = (size = 0): number[] => Array.from({ length: size }, (_, position) => position);

const keyOf = (earlier: number, position: number, own: number): string => `${earlier} ${position} ${own}`;

/** What must stand together: each position of the factor with each of every factor before it. */
function openPairs(sizes: readonly number[], factor: number): Set<string> {
  return new Set(
    sizes
      .slice(0, factor)
      .flatMap((size, earlier) =>
        positions(size).flatMap((position) => positions(sizes[factor]).map((own) => keyOf(earlier, position, own))),
      ),
  );
}

const brought = (draft: Draft, own: number, open: ReadonlySet<string>): string[] =>
  draft.flatMap((position, earlier) => {
    const key = position === undefined ? undefined : keyOf(earlier, position, own);
    return key !== undefined && open.has(key) ? [key] : [];
  });

/** Gives each row the position of the factor that brings the most of what is open. */
function widen(drafts: readonly Draft[], factor: number, size: number, open: Set<string>): void {
  for (const [at, draft] of drafts.entries()) {
    const brings = positions(size)
      .map((turn) => (turn + at) % size)
      .map((own) => [own, brought(draft, own, open)] as const);
    const [own, keys] = brings.reduce((best, next) => (next[1].length > best[1].length ? next : best));
    draft[factor] = keys.length > 0 ? own : undefined;
    for (const key of keys) open.delete(key);
  }
}

/** Puts what is still open where nothing is decided yet, or into rows of its own. */
function lengthen(drafts: Draft[], factor: number, open: ReadonlySet<string>): void {
  for (const key of open) {
    const [earlier = 0, position = 0, own = 0] = key.split(' ').map(Number);
    const fits = (draft: Draft): boolean => (draft[earlier] ?? position) === position && (draft[factor] ?? own) === own;
    let draft = drafts.find(fits);
    if (draft === undefined) drafts.push((draft = []));
    draft[earlier] = position;
    draft[factor] = own;
  }
}
