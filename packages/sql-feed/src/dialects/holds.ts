import type { Kind } from './Dialect.js';

const TEXTS: readonly Kind[] = ['label', 'text'];

/** Whether a typed column of one kind holds every value of the other. */
export function holdsTyped(has: Kind, wants: Kind): boolean {
  if (has === wants) return true;
  if (has === 'text') return wants !== 'blob';
  if (has === 'label') return wants !== 'blob' && wants !== 'text';
  return (has === 'datetime' && wants === 'date') || (has === 'integer' && wants === 'boolean');
}

/** The narrowest kind that holds both; `undefined` where there is none (bytes and anything else). */
export function widest(one: Kind, other: Kind): Kind | undefined {
  if (one === other) return one;
  if (one === 'blob' || other === 'blob') return undefined;
  for (const kind of ['integer', 'datetime'] as const) {
    if (holdsTyped(kind, one) && holdsTyped(kind, other)) return kind;
  }
  return TEXTS.every((text) => text !== one && text !== other) || (one !== 'text' && other !== 'text')
    ? 'label'
    : 'text';
}
