import type { FileHandle } from 'node:fs/promises';

/** Errors of a file system without such permissions: there the mount decides who may read. */
const NO_PERMISSIONS: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EINVAL', 'ENOSYS'];

/** Sets exactly this mode: the umask of the process, or an older setting, may have left another one. */
export async function setMode(handle: FileHandle, mode: number): Promise<void> {
  if (((await handle.stat()).mode & 0o777) === mode) return;
  try {
    await handle.chmod(mode);
  } catch (error) {
    if (!NO_PERMISSIONS.includes((error as NodeJS.ErrnoException).code)) throw error;
  }
}
