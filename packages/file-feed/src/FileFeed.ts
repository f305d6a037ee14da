import { constants } from 'node:fs';
import { access, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { flatten, isIncident, pythonJson, parseJson } from '@soar-feed/core';
import type {
  DeliverContext,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  OpenContext,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { base64 } from './base64.js';
import type { FileFeedSection } from './config.js';
import { diskError } from './diskError.js';
import { fileName, isOfIncident, mayBeOfTask } from './filePath.js';
import { Replies } from './Replies.js';
import { setMode } from './setMode.js';
import { flushFolder, removeLeftovers, temporaryName, writeAtomically } from './writeAtomically.js';

/** Longer than any write takes. ms. */
const LEFTOVER_MS = 600_000;

/** In a file that `on_delete=mark` keeps; no field of SOAR has this name. */
const DELETED = 'soar_feed_deleted';

/**
 * One JSON file per object, in IBM's flat format and with IBM's names. IBM overwrites files in place, and writes a file
 * again when its object is deleted. Here a file is replaced atomically, and removed (or marked) with its object.
 */
export class FileFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly directory: string;
  private readonly mode: number;

  constructor(
    private readonly config: FileFeedSection,
    private readonly replies: Replies = new Replies(),
  ) {
    this.directory = config.directory;
    this.mode = Number.parseInt(config.file_mode, 8);
    this.capabilities = {
      deletes: config.on_delete === 'mark' ? 'mark' : 'apply',
      content: config.content === 'base64',
      timeSeries: true,
    };
  }

  /** Throws `UnavailableError` when the folder is missing or not writable. */
  async open(_context: OpenContext): Promise<void> {
    await this.onDisk(async () => {
      await this.probe();
      // Permission bits do not show everything (a full disk, a network mount): so write once.
      const file = temporaryName(join(this.directory, 'incident_probe'));
      const handle = await open(file, 'wx', this.mode);
      try {
        await handle.writeFile('probe');
      } finally {
        await handle.close();
        await unlink(file);
      }
      await removeLeftovers(this.directory, LEFTOVER_MS);
    });
  }

  async deliver(event: FeedEvent, { signal }: DeliverContext): Promise<DeliveryResult> {
    signal.throwIfAborted();
    return this.onDisk(() => (event.operation === 'delete' ? this.delete(event) : this.upsert(event, signal)));
  }

  async health(_context: OpenContext): Promise<TargetHealth> {
    try {
      await this.onDisk(() => this.probe());
      return { state: 'up', detail: `${this.directory} is writable` };
    } catch (error) {
      return { state: 'down', detail: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    // Nothing stays open between two deliveries.
  }

  private async probe(): Promise<void> {
    if (!(await stat(this.directory)).isDirectory()) {
      throw Object.assign(new Error(`${this.directory} is not a folder`), { code: 'ENOTDIR', syscall: 'stat' });
    }
    await access(this.directory, constants.W_OK | constants.X_OK);
  }

  private async upsert(event: FeedEvent, signal: AbortSignal): Promise<DeliveryResult> {
    const ref = fileName(event.key);
    const file = join(this.directory, ref);
    const before = await readIfThere(file);
    const { content } = event;
    if (this.config.content === 'none' || content === undefined) {
      const text = pythonJson(flatten(event), 2);
      if (before === text) return this.unchanged(ref);
      await writeAtomically(file, [text], this.mode);
    } else {
      const [head, tail] = aroundContent(event);
      // The bytes of an attachment never change under one id: what follows the same head is the content.
      if (before?.startsWith(head) && before.endsWith(tail)) return this.unchanged(ref);
      await writeAtomically(file, joined(head, base64(content, this.config.max_content, signal), tail), this.mode);
    }
    return { status: 'delivered', change: before === undefined ? 'created' : 'updated', ref };
  }

  /** The text stays; the mode follows the setting, also for an older file. */
  private async unchanged(ref: string): Promise<DeliveryResult> {
    const handle = await open(join(this.directory, ref), 'r');
    try {
      await setMode(handle, this.mode);
    } finally {
      await handle.close();
    }
    return { status: 'delivered', change: 'unchanged', ref };
  }

  /** Removes the children with the object: the platform sends no deletes for them (IBM's Data Feeder guide). */
  private async delete(event: FeedEvent): Promise<DeliveryResult> {
    const ref = fileName(event.key);
    let changed = false;
    for (const name of [...(await this.filesBelow(event)), ref]) {
      if (await (this.config.on_delete === 'mark' ? this.mark(name) : this.remove(name))) changed = true;
    }
    // In a folder that is away, no file exists, either: that must not count as "already gone".
    await (changed ? flushFolder(this.directory) : this.probe());
    return { status: 'delivered', change: changed ? 'deleted' : 'unchanged', ref };
  }

  private async filesBelow(event: FeedEvent): Promise<readonly string[]> {
    const { key } = event;
    if (key.type === 'note') return (await this.replies.gone(event)).map(fileName);
    if (!isIncident(key) && key.type !== 'task') return [];
    const names = await readdir(this.directory);
    if (isIncident(key)) {
      return names.filter((name) => isOfIncident(name, key.incidentId) && name !== fileName(key));
    }
    const below: string[] = [];
    for (const name of names.filter((name) => mayBeOfTask(name, key.incidentId))) {
      if ((await this.read(name))?.['task_id'] === key.objectId) below.push(name);
    }
    return below;
  }

  private async remove(name: string): Promise<boolean> {
    try {
      await unlink(join(this.directory, name));
      return true;
    } catch (error) {
      if (isNotThere(error)) return false;
      throw error;
    }
  }

  private async mark(name: string): Promise<boolean> {
    const row = await this.read(name);
    if (row === undefined || row[DELETED] === true) return false;
    await writeAtomically(join(this.directory, name), [pythonJson({ ...row, [DELETED]: true }, 2)], this.mode);
    return true;
  }

  /** `undefined` for a file that is gone, or that somebody else changed. */
  private async read(name: string): Promise<Record<string, unknown> | undefined> {
    const text = await readIfThere(join(this.directory, name));
    try {
      const row: unknown = text === undefined ? undefined : parseJson(text);
      return typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  }

  private async onDisk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, this.directory);
    }
  }
}

/** The text of the file before and after the base64 of the content, which is its last value. */
function aroundContent(event: FeedEvent): [string, string] {
  const { content: _, ...row } = flatten(event);
  const text = pythonJson({ ...row, content: '' }, 2);
  const at = text.lastIndexOf('""') + 1;
  return [text.slice(0, at), text.slice(at)];
}

async function* joined(head: string, middle: AsyncIterable<string>, tail: string): AsyncGenerator<string> {
  yield head;
  yield* middle;
  yield tail;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

function isNotThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
