import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world/World.js';
import type { Finding } from './Finding.js';
import { judgeShown } from './judgeShown.js';
import type { ShownObject } from './judgeShown.js';
import { livingObjects } from './livingObjects.js';

/** Judges the folder of a file feed: one file for each object. */
export function judgeFiles(world: World): readonly Finding[] {
  const directory = join(world.folder, 'files');
  const names = readdirSync(directory).filter((name) => !name.startsWith('.'));
  const shown = new Map(names.map((name) => [name, read(directory, name)]));
  return judgeShown(livingObjects(world), shown, ({ incidentId, type, objectId }) =>
    type === 'incident' ? `incident_${incidentId}.json` : `incident_${incidentId}_${type}_${objectId}.json`,
  ).map((text): Finding => ({ check: 'files', text }));
}

function read(directory: string, name: string): ShownObject {
  return { name, holds: JSON.parse(readFileSync(join(directory, name), 'utf8')) as ShownObject['holds'] };
}
