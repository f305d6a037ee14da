import type { PlanItem } from '@soar-feed/core/runtime';

const SIGNS: Readonly<Record<PlanItem['state'], string>> = {
  create: 'make   ',
  update: 'update ',
  present: 'is there',
  differs: 'DIFFERS',
  remove: 'remove ',
  keep: 'keep   ',
};

const OWNERS = { 'soar-feed': '', ibm: "IBM's", other: 'made by others' };

/** One line per thing: what becomes of it, what it is, and why. */
export function planText(items: readonly PlanItem[]): string {
  const kinds = Math.max(0, ...items.map(({ kind }) => kind.length));
  const names = Math.max(0, ...items.map(({ name }) => name.length));
  return items
    .map(({ state, kind, name, owner, detail }) => {
      const why = [owner === undefined ? '' : OWNERS[owner], detail ?? ''].filter((text) => text !== '').join(', ');
      return `${SIGNS[state].padEnd(8)}  ${kind.padEnd(kinds)}  ${name.padEnd(names)}  ${why}`.trimEnd() + '\n';
    })
    .join('');
}
