import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { surroundings } from '@soar-feed/core';
import { setMode } from '../setMode.js';
import { flushFolder } from '../writeAtomically.js';

const NEWLINE = 0x0a;
const PIECE = 64 * 1024;

/** A file that only grows, by whole lines. */
export class AppendFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly inode: number,
    /** Bytes. */
    public size: number,
    /** When it was written last, ms since the epoch; of a new file, now. */
    public writtenAtMs: number,
  ) {}

  /**
   * Opens or makes the file. What follows its last line break is cut off: a process was killed, or a disk filled up, while
   * it wrote that line, whose change counts as not delivered and comes again.
   */
  static async open(path: string, mode: number): Promise<AppendFile> {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, mode);
    try {
      await setMode(handle, mode);
      const { ino, size, mtimeMs } = await handle.stat();
      const whole = await endOfLastLine(handle, size);
      if (whole < size) {
        await handle.truncate(whole);
        await handle.sync();
      }
      if (size === 0) await flushFolder(dirname(path));
      return new AppendFile(handle, path, ino, whole, whole === 0 ? surroundings().now() : mtimeMs);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Whether the path still leads to this file: somebody may have moved it, or the folder is away. */
  async isInPlace(): Promise<boolean> {
    const found = await stat(this.path).catch(() => undefined);
    return found?.ino === this.inode;
  }

  /** All lines, or none: if the disk refuses a part, the file is cut back. */
  async append(lines: Buffer, isFlushed: boolean): Promise<void> {
    try {
      for (let at = 0; at < lines.length;) {
        const { bytesWritten } = await this.handle.write(lines, at, lines.length - at, this.size + at);
        at += bytesWritten;
      }
      if (isFlushed) await this.handle.sync();
    } catch (error) {
      await this.handle.truncate(this.size).catch(() => undefined);
      throw error;
    }
    this.size += lines.length;
    this.writtenAtMs = surroundings().now();
  }

  async close({ isFlushed }: { readonly isFlushed: boolean }): Promise<void> {
    try {
      if (isFlushed) await this.handle.sync();
    } finally {
      await this.handle.close();
    }
  }
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.alloc(PIECE);
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - PIECE);
    const { bytesRead } = await handle.read(buffer, 0, end - from, from);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}
