import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonJson, Replies } from '@soar-feed/core';
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
import { onDisk } from './diskError.js';
import { folderMode, probe, probeByWriting } from './folder.js';
import { ContentFile } from './json/ContentFile.js';
import { Layout } from './json/Layout.js';
import { ObjectFiles, rowIn } from './json/ObjectFiles.js';
import { limited } from './limited.js';
import { rowOf } from './rowOf.js';
import { setMode } from './setMode.js';
import { removeLeftovers, writeAtomically } from './writeAtomically.js';

/** Longer than any write takes. ms. */
const LEFTOVER_MS = 600_000;

/**
 * One JSON file per object, in IBM's flat format and with IBM's names. IBM overwrites files in place, and writes a file
 * again when its object is deleted. Here a file is replaced atomically, and removed (or marked) with its object.
 */
export class FileFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly directory: string;
  private readonly mode: number;
  private readonly layout: Layout;
  private readonly files: ObjectFiles;

  constructor(
    private readonly config: FileFeedSection,
    replies: Replies = new Replies(),
  ) {
    this.directory = config.directory;
    this.mode = Number.parseInt(config.file_mode, 8);
    this.layout = new Layout(config.directory, config.layout === 'incident', folderMode(this.mode));
    this.files = new ObjectFiles(config, this.layout, this.mode, replies);
    this.capabilities = {
      deletes: config.on_delete === 'mark' ? 'mark' : 'apply',
      content: config.content !== 'none',
      timeSeries: true,
    };
  }

  /** Throws `UnavailableError` when the folder is missing or not writable. */
  async open(_context: OpenContext): Promise<void> {
    await onDisk(this.directory, async () => {
      await probeByWriting(this.directory, this.mode);
      for (const folder of await this.layout.folders()) await removeLeftovers(folder, LEFTOVER_MS);
    });
  }

  async deliver(event: FeedEvent, { signal }: DeliverContext): Promise<DeliveryResult> {
    signal.throwIfAborted();
    return onDisk(this.directory, () =>
      event.operation === 'delete' ? this.delete(event) : this.upsert(event, signal),
    );
  }

  async health(_context: OpenContext): Promise<TargetHealth> {
    try {
      await onDisk(this.directory, () => probe(this.directory));
      return { state: 'up', detail: `${this.directory} is writable` };
    } catch (error) {
      return { state: 'down', detail: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    // Nothing stays open between two deliveries.
  }

  private async delete(event: FeedEvent): Promise<DeliveryResult> {
    const result = await this.files.delete(event);
    // In a folder that is away, no file exists, either: that must not count as "already gone".
    if (result.change === 'unchanged') await probe(this.directory);
    return result;
  }

  private async upsert(event: FeedEvent, signal: AbortSignal): Promise<DeliveryResult> {
    const ref = this.layout.of(event.key);
    await this.layout.makeFolder(event.key);
    const before = await this.files.text(ref);
    const { content } = event;
    const change = before === undefined ? 'created' : 'updated';
    if (this.config.content === 'none' || content === undefined) {
      const text = pythonJson(rowOf(event), 2);
      if (before === text) return this.unchanged(ref);
      await writeAtomically(join(this.directory, ref), [text], this.mode);
    } else if (this.config.content === 'files') {
      const file = new ContentFile(this.directory, this.layout.contentBaseOf(event.key), content);
      const text = pythonJson({ ...rowOf(event), content_file: file.path }, 2);
      if (before === text && (await file.isThere())) return this.unchanged(ref);
      // The bytes first: what the object's file names is there.
      await file.write(this.config.max_content, this.mode, signal);
      await writeAtomically(join(this.directory, ref), [text], this.mode);
      await file.removeOlder(rowIn(before)?.['content_file']);
    } else {
      const [head, tail] = aroundContent(event);
      // The bytes of an attachment never change under one id: what follows the same head is the content.
      if (before?.startsWith(head) && before.endsWith(tail)) return this.unchanged(ref);
      const bytes = base64(limited(content, this.config.max_content, signal));
      await writeAtomically(join(this.directory, ref), joined(head, bytes, tail), this.mode);
    }
    return { status: 'delivered', change, ref };
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
}

/** The text of the file before and after the base64 of the content, which is its last value. */
function aroundContent(event: FeedEvent): [string, string] {
  const { content: _, ...row } = rowOf(event);
  const text = pythonJson({ ...row, content: '' }, 2);
  const at = text.lastIndexOf('""') + 1;
  return [text.slice(0, at), text.slice(at)];
}

async function* joined(head: string, middle: AsyncIterable<string>, tail: string): AsyncGenerator<string> {
  yield head;
  yield* middle;
  yield tail;
}
