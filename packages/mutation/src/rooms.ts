/** A room that faults are put into: the folder of its sources, and the tests that should notice, as globs. */
export interface Room {
  readonly sources: string;
  readonly tests: readonly string[];
}

const core = (room: string, ...tests: string[]): Room => ({
  sources: `packages/core/src/${room}`,
  tests: tests.map((name) => `packages/core/test/${name}/**/*.test.ts`),
});

const resilient = (room: string, ...tests: string[]): Room => ({
  sources: `packages/resilient-feed/src/${room}`,
  tests: tests.map((name) => `packages/resilient-feed/test/${name}{,.long}.test.ts`),
});

/** The rooms in which a small fault loses, doubles or deletes data. */
export const rooms: Readonly<Record<string, Room>> = {
  'core/lanes': core('lanes', 'lanes', 'delivery'),
  'core/delivery': core('delivery', 'delivery', 'lanes', 'parking'),
  'core/parking': {
    ...core('parking', 'parking', 'delivery'),
    tests: [...core('parking', 'parking', 'delivery').tests, 'packages/feed-testkit/test/MemoryStore.test.ts'],
  },
  'core/intake': core('intake', 'intake', 'source'),
  'core/source': core('source', 'source', 'intake', 'parking/return'),
  'resilient-feed/decide': resilient('decide', 'decide/**/*'),
  'resilient-feed/fields': resilient('fields', 'fields/**/*', 'filter/**/*', 'translate/**/*'),
  'resilient-feed/filter': resilient('filter', 'filter/**/*', 'fields/**/*'),
  'resilient-feed/mapping': resilient('mapping', 'mapping/**/*', 'takeover', 'givenUp', 'adopt'),
  'resilient-feed/replicate': resilient('replicate', '*'),
  'resilient-feed/write': resilient('write', 'write/**/*', '*'),
};

/** The rooms with the given names, or all; throws `TypeError` for an unknown name. */
export function roomsNamed(names: readonly string[]): readonly [string, Room][] {
  const known = new Map(Object.entries(rooms));
  if (names.length === 0) return [...known];
  return names.map((name) => {
    const room = known.get(name);
    if (room === undefined)
      throw new TypeError(`There is no room "${name}"; available: ${[...known.keys()].join(', ')}.`);
    return [name, room];
  });
}
