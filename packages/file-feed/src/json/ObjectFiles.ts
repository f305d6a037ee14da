import { readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isIncident, parseJson, pythonJson } from '@soar-feed/core';
import type { DeliveryResult, FeedEvent, Replies } from '@soar-feed/core';
import type { FileFeedSection } from '../config.js';
import { flushFolder, writeAtomically } from '../writeAtomically.js';
import type { Layout } from './Layout.js';

/** In a file that `on_delete=mark` keeps; no field of SOAR has this name. */
const DELETED = 'soar_feed_deleted';

type Row = Readonly<Record<string, unknown>>;

/** Removes or marks what the files of a folder hold of a deleted object. */
export class ObjectFiles {
  constructor(
    private readonly config: FileFeedSection,
    private readonly layout: Layout,
    private readonly mode: number,
    private readonly replies: Replies,
  ) {}

  /** Removes the children with the object: the platform sends no deletes for them (IBM's Data Feeder guide). */
  async delete(event: FeedEvent): Promise<DeliveryResult & { readonly status: 'delivered' }> {
    const ref = this.layout.of(event.key);
    const changed = new Set<string>();
    for (const path of [...(await this.below(event)), ref]) {
      const isGone = this.config.on_delete === 'mark' ? await this.mark(path) : await this.removeWithContent(path);
      if (isGone) changed.add(dirname(path));
    }
    for (const folder of changed) await flushFolder(join(this.config.directory, folder));
    if (this.config.on_delete === 'remove') await this.layout.removeFolder(event.key);
    return { status: 'delivered', change: changed.size > 0 ? 'deleted' : 'unchanged', ref };
  }

  /** `undefined` for a file that is gone. */
  async text(path: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.config.directory, path), 'utf8');
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  private async below(event: FeedEvent): Promise<readonly string[]> {
    const { key } = event;
    if (key.type === 'note') return (await this.replies.gone(event)).map((reply) => this.layout.of(reply));
    if (isIncident(key)) return this.layout.below(key);
    if (key.type !== 'task') return [];
    const below: string[] = [];
    for (const path of await this.layout.below(key)) {
      if (rowIn(await this.text(path))?.['task_id'] === key.objectId) below.push(path);
    }
    return below;
  }

  private async removeWithContent(path: string): Promise<boolean> {
    if (this.config.content === 'files' && path.endsWith('.json')) {
      const { content_file: content } = rowIn(await this.text(path)) ?? {};
      const isOurs = typeof content === 'string' && content.startsWith(`${path.slice(0, -'.json'.length)}.content_`);
      if (isOurs && dirname(content) === dirname(path)) await this.remove(content);
    }
    return this.remove(path);
  }

  private async remove(path: string): Promise<boolean> {
    try {
      await unlink(join(this.config.directory, path));
      return true;
    } catch (error) {
      if (isNotThere(error)) return false;
      throw error;
    }
  }

  private async mark(path: string): Promise<boolean> {
    const row = path.endsWith('.json') ? rowIn(await this.text(path)) : undefined;
    if (row === undefined || row[DELETED] === true) return false;
    const text = pythonJson({ ...row, [DELETED]: true }, 2);
    await writeAtomically(join(this.config.directory, path), [text], this.mode);
    return true;
  }
}

/** `undefined` also for what somebody else wrote. */
export function rowIn(text: string | undefined): Row | undefined {
  try {
    const row: unknown = text === undefined ? undefined : parseJson(text);
    return typeof row === 'object' && row !== null ? (row as Row) : undefined;
  } catch {
    return undefined;
  }
}

function isNotThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
