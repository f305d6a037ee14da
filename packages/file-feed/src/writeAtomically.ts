import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { surroundings } from '@soar-feed/core';
import { setMode } from './setMode.js';

/** Unlike anything a reader looks for: hidden, and not `.json`. */
const TEMPORARY = /^\.incident_.*\.tmp$/;

/**
 * Writes a file so that a reader, or a power cut, sees either the old text or the whole new one: a temporary file
 * beside it, flushed, then renamed, then the folder flushed. Nothing is left behind if the source of the text throws.
 * At no time can anybody read it whom `mode` does not allow.
 */
export async function writeAtomically(
  file: string,
  text: Iterable<string> | AsyncIterable<string | Uint8Array>,
  mode: number,
): Promise<void> {
  const temporary = temporaryName(file);
  const handle = await open(temporary, 'wx', mode);
  try {
    await writeAll(handle, text, mode);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(file));
}

/** A unique name: process ids repeat, across containers on one volume and after a restart. */
export function temporaryName(file: string): string {
  return join(dirname(file), `.${basename(file)}.${surroundings().hex(6)}.tmp`);
}

/** Makes renames and removals in the folder durable. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file systems flush names themselves.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes temporary files that a killed process left; younger files may still be written by another process. */
export async function removeLeftovers(folder: string, olderThanMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!TEMPORARY.test(name)) continue;
    const file = join(folder, name);
    const age =
      surroundings().now() -
      (await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => surroundings().now(),
      ));
    if (age > olderThanMs) await unlink(file).catch(() => undefined);
  }
}

async function writeAll(
  handle: FileHandle,
  text: Iterable<string> | AsyncIterable<string | Uint8Array>,
  mode: number,
): Promise<void> {
  try {
    await setMode(handle, mode);
    for await (const part of text) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
