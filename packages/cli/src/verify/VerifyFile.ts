import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { PermanentError } from '@soar-feed/core';
import type { VerifyReport } from '@soar-feed/core/runtime';

/** What a verification compares; another one does not go on where this one stopped. */
export interface VerifyScope {
  readonly feeds: readonly string[];
  readonly minIncidentId: number;
  readonly maxIncidentId?: number;
  /** Percent of the incidents. */
  readonly sample: number;
}

export interface VerifyState {
  readonly version: 1;
  readonly scope: VerifyScope;
  /** Everything up to this incident is in the report. */
  readonly upToId: number;
  readonly report: VerifyReport;
}

/**
 * The last verification of a config: `verify` goes on with it after an interruption, `repair` works it off. It holds
 * ids and digests, no values.
 */
export class VerifyFile {
  readonly path: string;

  constructor(configFile: string) {
    this.path = `${configFile}.verify.json`;
  }

  /** `undefined`: there is none. Throws `PermanentError` if it cannot be read. */
  async read(): Promise<VerifyState | undefined> {
    try {
      const state = JSON.parse(await readFile(this.path, 'utf8')) as VerifyState;
      if (state.version === 1) return state;
      throw new Error('it was written by another version');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const why = error instanceof Error ? error.message : String(error);
      throw new PermanentError(`${this.path} cannot be read (${why}): delete it and verify again.`, {
        code: 'verify-file-unreadable',
        cause: error,
      });
    }
  }

  /** Replaces the file as a whole, readable by its owner only. */
  async write(state: VerifyState): Promise<void> {
    const next = `${this.path}.new`;
    try {
      await writeFile(next, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      await rename(next, this.path);
    } catch (error) {
      await rm(next, { force: true }).catch(() => undefined);
      const why = error instanceof Error ? error.message : String(error);
      throw new PermanentError(`${this.path} cannot be written (${why}): let this user write to that folder.`, {
        code: 'verify-file-unwritable',
        cause: error,
      });
    }
  }
}
