import type { FileHandle } from 'node:fs/promises';

/** What a file system says that knows no such permissions: there the mount decides who may read. */
const NO_PERMISSIONS: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EINVAL', 'ENOSYS'];

/** Gives the file exactly this mode: the process's umask, or an older setting, may have left another. */
export async function setMode(handle: FileHandle, mode: number): Promise<void> {
  if (((await handle.stat()).mode & 0o777) === mode) return;
  try {
    await handle.chmod(mode);
  } catch (error) {
    if (!NO_PERMISSIONS.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
}
