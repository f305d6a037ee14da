import type { Source } from './StoredIndex.js';

type Query = Readonly<Record<string, unknown>>;

/** Evaluates the queries that a bool query with terms and exists can say. Throws for any other. */
export function matches(query: Query, source: Source): boolean {
  const [kind, body] = Object.entries(query)[0] as [string, Readonly<Record<string, unknown>>];
  switch (kind) {
    case 'bool': {
      const { filter = [], must_not = [], should = [] } = body as Record<string, readonly Query[]>;
      return (
        filter.every((one) => matches(one, source)) &&
        !must_not.some((one) => matches(one, source)) &&
        (should.length === 0 || should.some((one) => matches(one, source)))
      );
    }
    case 'terms': {
      const [field, values] = Object.entries(body)[0] as [string, readonly unknown[]];
      return values.includes(valueAt(source, field));
    }
    case 'exists':
      return valueAt(source, String(body['field'])) !== undefined;
    default:
      throw new Error(`The double knows no ${kind} query.`);
  }
}

function valueAt(source: unknown, path: string): unknown {
  let at = source;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Source)[name];
  }
  return at === null ? undefined : at;
}
