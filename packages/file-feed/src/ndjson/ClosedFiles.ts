import { access, mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '@soar-feed/core';
import { surroundings } from '@soar-feed/core';
import { flushFolder } from '../writeAtomically.js';
import { closedName, isClosed, isHalfCompressed, isPartition, partitionOf } from './closedName.js';
import { compress } from './compress.js';

export interface ClosedFilesOptions {
  readonly directory: string;
  readonly mode: number;
  readonly folderMode: number;
  readonly isCompressed: boolean;
  readonly isPartitioned: boolean;
}

/** Files that get no more lines: named, put into the folder of their day, compressed beside the work. */
export class ClosedFiles {
  private compressing: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: ClosedFilesOptions,
    private readonly log: Logger,
  ) {}

  /** Finishes what a killed process left. */
  async recover(): Promise<void> {
    for (const folder of await this.folders()) {
      for (const name of await readdir(folder)) {
        if (isHalfCompressed(name)) await unlink(join(folder, name));
        else if (isClosed(name) && this.options.isCompressed) this.compressLater(join(folder, name));
      }
    }
  }

  /** Takes the active file, which was written last at `writtenAtMs`, out of the way. */
  async take(active: string, writtenAtMs: number): Promise<void> {
    const { directory, isPartitioned, isCompressed } = this.options;
    const folder = isPartitioned ? partitionOf(directory, writtenAtMs) : directory;
    if (isPartitioned) {
      await mkdir(folder, { mode: this.options.folderMode }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    const file = await this.freeName(folder);
    await rename(active, file);
    await flushFolder(folder);
    if (folder !== dirname(active)) await flushFolder(dirname(active));
    if (isCompressed) this.compressLater(file);
  }

  /** Resolves once nothing is being compressed. */
  async settled(): Promise<void> {
    await this.compressing;
  }

  private compressLater(file: string): void {
    this.compressing = this.compressing.then(async () => {
      try {
        await compress(file, this.options.mode);
      } catch (error) {
        this.log.warn('A closed file could not be compressed; it is tried again at the next start.', {
          event: 'file.compress-failed',
          file,
          code: (error as NodeJS.ErrnoException).code,
        });
      }
    });
  }

  private async freeName(folder: string): Promise<string> {
    const now = surroundings().now();
    for (let number = 1; ; number += 1) {
      const file = join(folder, closedName(now, number));
      if (!(await isThere(file)) && !(await isThere(`${file}.gz`))) return file;
    }
  }

  private async folders(): Promise<readonly string[]> {
    const { directory } = this.options;
    const names = await readdir(directory);
    return [directory, ...names.filter(isPartition).map((name) => join(directory, name))];
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
