import { createReadStream, createWriteStream } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { flushFolder } from '../writeAtomically.js';

/**
 * Replaces a closed file by its compressed form. Killed at any moment, it leaves the file itself, or both, or the
 * compressed one whole.
 */
export async function compress(file: string, mode: number): Promise<void> {
  const temporary = `${file}.gz.tmp`;
  try {
    const target = createWriteStream(temporary, { flags: 'w', mode, flush: true });
    await pipeline(createReadStream(file), createGzip(), target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await rename(temporary, `${file}.gz`);
  await flushFolder(dirname(file));
  await unlink(file);
}
