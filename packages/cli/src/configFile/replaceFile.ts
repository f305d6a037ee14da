import { randomUUID } from 'node:crypto';
import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { UsageError } from '../UsageError.js';

/**
 * Puts `next` in the place of a file at once, with its mode and owner; a link stays a link. Throws `UsageError` if that
 * is impossible, or if the file is no longer what was read (`before`); then it is unchanged.
 */
export function replaceFile(path: string, before: Uint8Array, next: string): void {
  const file = realpathSync(path);
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    const { mode, uid, gid } = statSync(file);
    const fd = openSync(fresh, 'wx', 0o600);
    try {
      const own = statSync(fresh);
      if (own.uid !== uid || own.gid !== gid) fchownSync(fd, uid, gid);
      fchmodSync(fd, mode & 0o7777);
      const bytes = Buffer.from(next, 'utf8');
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (!readFileSync(file).equals(before)) throw new UsageError(`${file} was changed meanwhile; run it again.`);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const advice = code === 'EPERM' ? 'run it as the owner of the file' : 'let this user write to its folder';
    throw new UsageError(`${file} cannot be replaced (${code ?? String(error)}): ${advice}.`);
  }
}
