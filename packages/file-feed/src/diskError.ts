import { PermanentError, UnavailableError } from '@soar-feed/core';

/** Errors of the folder or the disk, not of one object: the feed pauses until a person has fixed them. */
const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the disk quota is used up; free some space',
  EROFS: 'the file system is read-only; mount it writable',
  EACCES: 'this user cannot write to it; fix its permissions',
  EPERM: 'this user cannot write to it; fix its permissions',
  ENOENT: 'it does not exist; create it',
  ENOTDIR: 'it is not a folder; name a folder in "directory"',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open; raise the limit',
  ENFILE: 'too many files are open; raise the limit',
};

/** What an error of the file system means for the engine; any other error is returned as it is. */
export function diskError(error: unknown, directory: string): unknown {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  // Network errors of a content stream have other codes, which are not listed here.
  if (typeof code !== 'string' || typeof syscall !== 'string') return error;
  const fault = FOLDER_FAULTS[code];
  if (fault !== undefined) {
    return new UnavailableError(`The folder ${directory} cannot be used (${code}): ${fault}.`, {
      code: 'folder-unusable',
      cause: error,
    });
  }
  if (code !== 'EISDIR' && code !== 'ENAMETOOLONG') return error;
  return new PermanentError(`A file in ${directory} cannot be written (${code}).`, {
    code: 'file-refused',
    cause: error,
  });
}

/** Work on the file system, whose errors speak to the engine. */
export async function onDisk<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, directory);
  }
}
