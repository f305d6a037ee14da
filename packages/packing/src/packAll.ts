import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { lookInto } from './lookInto.js';
import { manifestOf, publishedFolders, REPOSITORY } from './repository.js';

/** Packs all packages into `folder` and looks at what is in them. Gives the tarballs; rejects with the first fault. */
export async function packAll(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const named = publishedFolders().flatMap((place) => ['-w', manifestOf(place).name]);
  await callAs(REPOSITORY, ['npm', 'pack', '--pack-destination', folder, ...named]);
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  for (const tarball of tarballs) await lookInto(tarball);
  return tarballs;
}
