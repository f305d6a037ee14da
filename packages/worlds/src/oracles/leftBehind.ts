/**
 * Incidents that a feed need not keep up, by the workspaces in which each was, in turn: those in one that does not feed it
 * (`unfed`), and those that were there after they had been fed.
 */
export function leftBehind(workspaces: ReadonlyMap<number, readonly string[]>, unfed: string): ReadonlySet<number> {
  const isLeft = (turns: readonly string[]): boolean => turns.at(-1) === unfed || turns.slice(1).includes(unfed);
  return new Set([...workspaces].filter(([, turns]) => isLeft(turns)).map(([id]) => id));
}
