import { constants } from 'node:fs';
import { access, open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryName } from './writeAtomically.js';

/** Throws where the folder is missing, or its permissions do not let us write. */
export async function probe(directory: string): Promise<void> {
  if (!(await stat(directory)).isDirectory()) {
    throw Object.assign(new Error(`${directory} is not a folder`), { code: 'ENOTDIR', syscall: 'stat' });
  }
  await access(directory, constants.W_OK | constants.X_OK);
}

/** Permission bits do not show everything (a full disk, a network mount): so writes once. */
export async function probeByWriting(directory: string, mode: number): Promise<void> {
  await probe(directory);
  const file = temporaryName(join(directory, 'incident_probe'));
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile('probe');
  } finally {
    await handle.close();
    await unlink(file);
  }
}

/** The mode of a folder that whoever may read its files can enter. */
export function folderMode(fileMode: number): number {
  return fileMode | ((fileMode & 0o444) >> 2);
}
