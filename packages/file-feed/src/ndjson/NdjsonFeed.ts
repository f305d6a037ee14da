import { join } from 'node:path';
import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  Logger,
  OpenContext,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { surroundings } from '@soar-feed/core';
import { base64 } from '../base64.js';
import type { FileFeedSection } from '../config.js';
import { onDisk } from '../diskError.js';
import { folderMode, probe, probeByWriting } from '../folder.js';
import { limited } from '../limited.js';
import { AppendFile } from './AppendFile.js';
import { ACTIVE } from './closedName.js';
import { ClosedFiles } from './ClosedFiles.js';
import { lineOf } from './lineOf.js';

const PERIOD_MS = { never: Infinity, hour: 3_600_000, day: 86_400_000 };

/** One line per change at the end of a file, which is closed when it is large or old enough. One process per folder. */
export class NdjsonFeed implements FeedTarget {
  readonly capabilities: TargetCapabilities;
  private readonly path: string;
  private readonly mode: number;
  private readonly closed: ClosedFiles;
  private file: AppendFile | undefined;
  /** Lines of two batches never mix. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: FileFeedSection,
    log: Logger,
  ) {
    const { directory } = config;
    this.path = join(directory, ACTIVE);
    this.mode = Number.parseInt(config.file_mode, 8);
    this.closed = new ClosedFiles(
      {
        directory,
        mode: this.mode,
        folderMode: folderMode(this.mode),
        isCompressed: config.compress === 'gzip',
        isPartitioned: config.partition === 'day',
      },
      log,
    );
    // A log keeps what was: a delete is one more line, which says so.
    this.capabilities = {
      deletes: 'mark',
      content: config.content === 'base64',
      timeSeries: true,
      batch: { maxEvents: 500, maxWaitMs: 20 },
    };
  }

  async open({ signal }: OpenContext): Promise<void> {
    signal.throwIfAborted();
    await this.close();
    await onDisk(this.config.directory, async () => {
      await probeByWriting(this.config.directory, this.mode);
      await this.closed.recover();
      this.file = await AppendFile.open(this.path, this.mode);
    });
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const [outcome] = await this.deliverBatch([event], context);
    if (outcome?.status === 'failed') throw outcome.error;
    return outcome as DeliveryResult;
  }

  async deliverBatch(events: readonly FeedEvent[], { signal }: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    signal.throwIfAborted();
    const outcomes: DeliveryOutcome[] = [];
    const lines: Buffer[] = [];
    for (const event of events) {
      try {
        lines.push(Buffer.from(`${lineOf(event, await this.contentOf(event, signal))}\n`));
        outcomes.push({
          status: 'delivered',
          change: event.operation === 'delete' ? 'deleted' : 'updated',
          ref: ACTIVE,
        });
      } catch (error) {
        signal.throwIfAborted();
        outcomes.push({ status: 'failed', error: error as Error });
      }
    }
    const work = this.line.then(() => onDisk(this.config.directory, () => this.write(lines, signal)));
    this.line = work.catch(() => undefined);
    await work;
    return outcomes;
  }

  async health(_context: OpenContext): Promise<TargetHealth> {
    try {
      await onDisk(this.config.directory, () => probe(this.config.directory));
      return { state: 'up', detail: `${this.config.directory} is writable` };
    } catch (error) {
      return { state: 'down', detail: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    await this.line;
    const { file } = this;
    this.file = undefined;
    await file?.close({ isFlushed: false });
    await this.closed.settled();
  }

  private async write(lines: readonly Buffer[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const pieces = this.config.fsync === 'always' ? lines : [Buffer.concat(lines)];
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      const file = await this.fileFor(piece.length);
      await file.append(piece, this.config.fsync !== 'never');
    }
  }

  /** The active file, or a new one where it is full, old or gone. */
  private async fileFor(bytes: number): Promise<AppendFile> {
    let { file } = this;
    if (file !== undefined && !(await file.isInPlace())) {
      await file.close({ isFlushed: false });
      this.file = file = undefined;
    }
    file ??= await AppendFile.open(this.path, this.mode);
    this.file = file;
    const isFull = file.size > 0 && file.size + bytes > this.config.rotate_size;
    if (!isFull && !this.isOld(file)) return file;
    this.file = undefined;
    await file.close({ isFlushed: true });
    await this.closed.take(this.path, file.writtenAtMs);
    return (this.file = await AppendFile.open(this.path, this.mode));
  }

  private isOld({ size, writtenAtMs }: AppendFile): boolean {
    const period = PERIOD_MS[this.config.rotate_every];
    return (
      size > 0 &&
      Number.isFinite(period) &&
      Math.floor(writtenAtMs / period) !== Math.floor(surroundings().now() / period)
    );
  }

  private async contentOf(event: FeedEvent, signal: AbortSignal): Promise<string | undefined> {
    if (this.config.content !== 'base64' || event.content === undefined || event.operation === 'delete')
      return undefined;
    const pieces: string[] = [];
    for await (const piece of base64(limited(event.content, this.config.max_content, signal))) pieces.push(piece);
    return pieces.join('');
  }
}
