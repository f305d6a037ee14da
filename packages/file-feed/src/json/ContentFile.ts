import { stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ContentHandle } from '@soar-feed/core';
import { contentName } from '../filePath.js';
import { limited } from '../limited.js';
import { writeAtomically } from '../writeAtomically.js';

/** The bytes of an attachment or artifact as a file of their own beside the object's. */
export class ContentFile {
  /** Relative to the directory: what the object's file says. */
  readonly path: string;

  constructor(
    private readonly directory: string,
    private readonly base: string,
    private readonly content: ContentHandle,
  ) {
    this.path = `${base}${contentName(content.name)}`;
  }

  /** Bytes never change under one id: a file of the right size is whole, since files are written atomically. */
  async isThere(): Promise<boolean> {
    const found = await stat(join(this.directory, this.path)).catch(() => undefined);
    return found !== undefined && (this.content.size === undefined || found.size === this.content.size);
  }

  async write(maxBytes: number, mode: number, signal: AbortSignal): Promise<void> {
    await writeAtomically(join(this.directory, this.path), limited(this.content, maxBytes, signal), mode);
  }

  /** Removes the file of an older name. What the object's file says is not trusted: only a name of this object counts. */
  async removeOlder(said: unknown): Promise<void> {
    if (typeof said !== 'string' || said === this.path) return;
    const isOurs = dirname(said) === dirname(this.base) && basename(said).startsWith(basename(this.base));
    if (isOurs) await unlink(join(this.directory, said)).catch(() => undefined);
  }
}
