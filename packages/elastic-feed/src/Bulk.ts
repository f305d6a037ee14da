import { PermanentError, UnavailableError } from '@soar-feed/core';
import type { Answer } from './client.js';
import type { Send } from './Indices.js';
import { itemError } from './itemError.js';
import type { BulkItem } from './itemError.js';

/** One write of one document. */
export interface Operation {
  readonly index: string;
  readonly id: string;
  /** JSON; absent: the document is deleted. */
  readonly source?: string;
  /** Refused by the server if the document has a higher one. */
  readonly version: number;
}

export type ItemResult =
  | { readonly status: 'done'; readonly change: 'created' | 'updated' | 'deleted' | 'unchanged' }
  /** The document has a higher version: this one, as far as the server says. */
  | { readonly status: 'conflict'; readonly version?: number }
  | { readonly status: 'failed'; readonly error: Error };

/** Low-level bulk requests, one after the other, with an outcome per item. */
export class Bulk {
  constructor(
    private readonly send: Send,
    /** Largest request, bytes. */
    private readonly maxBytes: number,
    private readonly onMissing: (index: string) => void,
  ) {}

  /** Same length, same order. Throws what concerns the whole destination. */
  async write(operations: readonly Operation[], signal: AbortSignal): Promise<readonly ItemResult[]> {
    const results: ItemResult[] = [];
    for (const part of partsOf(operations, this.maxBytes)) results.push(...(await this.writePart(part, signal)));
    return results;
  }

  private async writePart(part: readonly Operation[], signal: AbortSignal): Promise<readonly ItemResult[]> {
    const call = { method: 'POST', path: '/_bulk', lines: part.flatMap(linesOf), also: [413] } as const;
    const answer = await this.send(call, 'Writing documents', signal);
    if (answer.status === 413) return this.halves(part, signal);
    const items = itemsOf(answer);
    if (items?.length !== part.length) {
      throw new UnavailableError(
        'Writing documents: the answer is not that of a bulk request; is a proxy in between?',
        {
          code: 'elastic-odd-answer',
        },
      );
    }
    return part.map((operation, at) => this.resultOf(items[at] as BulkItem, operation));
  }

  /** The server, or a proxy before it, takes smaller requests than `max_request`. */
  private async halves(part: readonly Operation[], signal: AbortSignal): Promise<readonly ItemResult[]> {
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      const problem = `The document for ${only.index} is larger than the server takes (413); raise its http.max_content_length, or set content=none.`;
      return [{ status: 'failed', error: new PermanentError(problem, { code: 'elastic-too-large' }) }];
    }
    const middle = part.length >> 1;
    const first = await this.writePart(part.slice(0, middle), signal);
    return [...first, ...(await this.writePart(part.slice(middle), signal))];
  }

  private resultOf(item: BulkItem, operation: Operation): ItemResult {
    const { status, result, error } = item;
    if (error === undefined && status < 300) return { status: 'done', change: changeOf(result) };
    if (error === undefined && status === 404) return { status: 'done', change: 'unchanged' };
    if (status === 409) {
      const [, version] = /current version \[(\d+)\]/.exec(error?.reason ?? '') ?? [];
      return { status: 'conflict', ...(version === undefined ? {} : { version: Number(version) }) };
    }
    if (error?.type === 'index_not_found_exception') {
      this.onMissing(operation.index);
      // There is nothing to delete.
      if (operation.source === undefined) return { status: 'done', change: 'unchanged' };
    }
    return { status: 'failed', error: itemError(item, operation.index) };
  }
}

function changeOf(result: string | undefined): 'created' | 'updated' | 'deleted' | 'unchanged' {
  return result === 'created' || result === 'updated' || result === 'deleted' ? result : 'unchanged';
}

function linesOf({ index, id, source, version }: Operation): readonly string[] {
  const target = { _index: index, _id: id, version, version_type: 'external_gte' };
  return source === undefined ? [JSON.stringify({ delete: target })] : [JSON.stringify({ index: target }), source];
}

/** Room for the line that names the document, bytes. */
const LINE = 300;

function* partsOf(operations: readonly Operation[], maxBytes: number): Generator<readonly Operation[]> {
  let part: Operation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const more = LINE + Buffer.byteLength(operation.source ?? '');
    if (part.length > 0 && bytes + more > maxBytes) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(operation);
    bytes += more;
  }
  if (part.length > 0) yield part;
}

function itemsOf({ body }: Answer): readonly BulkItem[] | undefined {
  const { items } = (body ?? {}) as { items?: readonly Readonly<Record<string, BulkItem>>[] };
  return Array.isArray(items) ? items.map((item) => Object.values(item)[0] as BulkItem) : undefined;
}
