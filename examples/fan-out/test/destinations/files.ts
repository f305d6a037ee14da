import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Destination } from './Destination.js';
import type { Values } from './Shown.js';

/** The folder of the archive, without what is marked as deleted. */
export function files(folder: string): Destination {
  return {
    feed: 'archive',
    async objects(shown) {
      const found: string[] = [];
      for (const name of await readdir(join(folder, 'archive'))) {
        // A file that is being written has another name.
        if (name.startsWith('.')) continue;
        const [, incident, type, id] = /^incident_(\d+)(?:_(.+)_(\d+))?\.json$/.exec(name) ?? [];
        if (incident === undefined) throw new Error(`What is ${name}?`);
        const row = JSON.parse(await readFile(join(folder, 'archive', name), 'utf8')) as Values;
        if (row['soar_feed_deleted'] !== true) found.push(shown.line(type ?? 'incident', id ?? incident, row));
      }
      return found.sort();
    },
  };
}
