import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flatten, PermanentError, UnavailableError, writeJson } from '@soar-feed/core';

/**
 * Appends every change to a file, one JSON object per line: `{type, id, incident, parent, row}`, or `deleted: true` instead
 * of `row`. The last line of an object counts, so the same event twice leaves the same state. `readObjects` reads it.
 */
export class JsonLines {
  // One delivery at a time: two must not append at once. A batch makes up for it.
  capabilities = {
    deletes: 'apply',
    content: false,
    concurrency: 1,
    batch: { maxEvents: 100, maxWaitMs: 20 },
  };

  /** `file`, and `maxLine` in bytes. */
  constructor(settings) {
    this.settings = settings;
  }

  async open({ signal }) {
    signal.throwIfAborted();
    await this.append([]);
  }

  async deliver(event, context) {
    const [outcome] = await this.deliverBatch([event], context);
    if (outcome?.status === 'failed') throw outcome.error;
    return outcome;
  }

  /** Resolves when the lines are on the disk. An object that is refused fails alone. */
  async deliverBatch(events, { signal }) {
    signal.throwIfAborted();
    const lines = [];
    const outcomes = events.map((event) => {
      const line = lineOf(event);
      if (Buffer.byteLength(line) > this.settings.maxLine) return { status: 'failed', error: tooLarge(event) };
      lines.push(line);
      return { status: 'delivered', change: event.operation === 'delete' ? 'deleted' : 'updated' };
    });
    await this.append(lines);
    return outcomes;
  }

  /** Writes nothing: `soar-feed check` asks for it, too. */
  async health() {
    const folder = dirname(this.settings.file);
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isThere ? { state: 'up', detail: folder } : { state: 'down', detail: `${folder} is not there` };
  }

  /** Nothing stays open between deliveries. */
  async close() {}

  async append(lines) {
    try {
      const file = await open(this.settings.file, 'a+', 0o600);
      try {
        if (lines.length === 0) return;
        // A line that a crash cut short must not join the next one.
        const start = (await endsInsideALine(file)) ? '\n' : '';
        await file.appendFile(start + lines.map((line) => `${line}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      const { code = 'unknown' } = error;
      throw new UnavailableError(`${this.settings.file} cannot be written (${code}).`, {
        code: '__TYPE__-unwritable',
        cause: error,
      });
    }
  }
}

function lineOf(event) {
  const { type, objectId: id, incidentId: incident } = event.key;
  const parent = event.parent && { type: event.parent.type, id: event.parent.objectId };
  const what = event.operation === 'delete' ? { deleted: true } : { row: flatten(event) };
  return writeJson({ type, id, incident, ...(parent && { parent }), ...what });
}

function tooLarge({ key }) {
  return new PermanentError(`The ${key.type} ${key.objectId} is larger than max_line; raise it and retry.`, {
    code: '__TYPE__-too-large',
  });
}

async function endsInsideALine(file) {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] !== 0x0a;
}
