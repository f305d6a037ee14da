import type { Destination } from './Destination.js';
import { rowsOf } from './rowsOf.js';

/** The tables of the reports, one per type. */
export function tables(folder: string): Destination {
  return {
    feed: 'reports',
    async objects(shown) {
      const found: string[] = [];
      for (const type of shown.types) {
        // A type of which there never was an object has no table.
        const rows = await rowsOf(folder, type).catch(() => []);
        for (const row of rows) found.push(shown.line(type, row['id'], row));
      }
      return found.sort();
    },
  };
}
