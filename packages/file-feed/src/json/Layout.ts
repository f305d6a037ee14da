import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isIncident } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { contentBase, fileName, isOfIncident, mayBeOfTask } from '../filePath.js';

/** Where files lie: all in one folder, as IBM has them, or each incident in a folder of its own. Paths are below `directory`. */
export class Layout {
  constructor(
    private readonly directory: string,
    private readonly isPerIncident: boolean,
    private readonly folderMode: number,
  ) {}

  /** Path of an object's file. */
  of(key: ObjectKey): string {
    return join(this.folderOf(key), fileName(key));
  }

  /** The beginning of the path of a file that holds an object's bytes. */
  contentBaseOf(key: ObjectKey): string {
    return join(this.folderOf(key), contentBase(key));
  }

  async makeFolder(key: ObjectKey): Promise<void> {
    if (!this.isPerIncident) return;
    try {
      // Not recursive: a directory that is away must not be made anew.
      await mkdir(join(this.directory, this.folderOf(key)), { mode: this.folderMode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }

  /** Paths of the files below an incident or a task, those with bytes included; for a task, its own file decides which. */
  async below(key: ObjectKey): Promise<readonly string[]> {
    const folder = this.folderOf(key);
    const names = await namesIn(join(this.directory, folder));
    const chosen = isIncident(key)
      ? names.filter((name) => isOfIncident(name, key.incidentId) && name !== fileName(key))
      : names.filter((name) => mayBeOfTask(name, key.incidentId));
    return chosen.map((name) => join(folder, name));
  }

  /** Removes the folder of an incident that holds nothing any more. */
  async removeFolder(key: ObjectKey): Promise<void> {
    if (!this.isPerIncident || !isIncident(key)) return;
    await rmdir(join(this.directory, this.folderOf(key))).catch(() => undefined);
  }

  /** Every folder that may hold files. */
  async folders(): Promise<readonly string[]> {
    if (!this.isPerIncident) return [this.directory];
    const names = await readdir(this.directory);
    return [
      this.directory,
      ...names.filter((name) => /^incident_\d+$/.test(name)).map((name) => join(this.directory, name)),
    ];
  }

  private folderOf({ incidentId }: ObjectKey): string {
    return this.isPerIncident ? `incident_${incidentId}` : '';
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
