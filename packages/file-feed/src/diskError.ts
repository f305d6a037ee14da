import { PermanentError, UnavailableError } from '@soar-feed/core';

/** Faults of the folder or the disk, not of one object: the feed pauses until a person has mended them. */
const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room',
  EDQUOT: 'the disk quota is used up; make room',
  EROFS: 'the file system is read-only; mount it writable',
  EACCES: 'it is not writable by this user; mend its permissions',
  EPERM: 'it is not writable by this user; mend its permissions',
  ENOENT: 'it does not exist; create it',
  ENOTDIR: 'it is not a folder; name a folder in "directory"',
  EIO: 'the disk reports a fault',
  EMFILE: 'too many files are open; raise the limit',
  ENFILE: 'too many files are open; raise the limit',
};

/** What a fault of the file system means for the engine; every other error passes as it is. */
export function diskError(error: unknown, directory: string): unknown {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  // A network fault of a content's stream has codes of its own, none of which stands here.
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
