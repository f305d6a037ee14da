import { buffer } from 'node:stream/consumers';
import { PermanentError, UnavailableError } from '@soar-feed/core';
import type {
  DeliverContext,
  DeliveryOutcome,
  DeliveryResult,
  FeedEvent,
  FeedTarget,
  OpenContext,
  TargetCapabilities,
  TargetHealth,
} from '@soar-feed/core';
import { keyText } from '@soar-feed/core';

/** What the destination holds of one object. */
export interface Document {
  readonly key: FeedEvent['key'];
  readonly parent?: FeedEvent['parent'];
  readonly fields: FeedEvent['payload'];
  readonly bytes?: Uint8Array;
  readonly deleted?: true;
}

/** A destination that a test can look at and switch off. */
export class Shelf {
  documents: Document[] = [];
  away = false;
  /** While set, a write waits for it. */
  stuck: { reached(): void; readonly free: Promise<void> } | undefined;

  of(key: FeedEvent['key']): readonly Document[] {
    return this.documents.filter((document) => keyText(document.key) === keyText(key));
  }
}

/** The smallest target that keeps every promise; tests override a method to break one. */
export class ShelfTarget implements FeedTarget {
  readonly deliverBatch?: NonNullable<FeedTarget['deliverBatch']>;

  constructor(
    readonly shelf: Shelf,
    readonly capabilities: TargetCapabilities,
  ) {
    if (capabilities.batch !== undefined) this.deliverBatch = (events, context) => this.batch(events, context);
  }

  async open({ signal }: OpenContext): Promise<void> {
    signal.throwIfAborted();
    this.reach();
  }

  async deliver(event: FeedEvent, { signal }: DeliverContext): Promise<DeliveryResult> {
    signal.throwIfAborted();
    this.reach();
    await this.whileStuck(signal);
    if (event.payload['name'] === 'poison')
      throw new PermanentError('The shelf refuses it.', { code: 'shelf-refused' });
    return event.operation === 'delete' ? this.delete(event) : this.put(event, signal);
  }

  async batch(events: readonly FeedEvent[], context: DeliverContext): Promise<readonly DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = [];
    for (const event of events) {
      outcomes.push(await this.deliver(event, context).catch((error: Error) => ({ status: 'failed' as const, error })));
    }
    return outcomes;
  }

  async health(_context: OpenContext): Promise<TargetHealth> {
    return this.shelf.away ? { state: 'down', detail: 'away' } : { state: 'up', detail: 'there' };
  }

  async close(): Promise<void> {}

  protected async put(event: FeedEvent, signal?: AbortSignal): Promise<DeliveryResult> {
    const { key, parent, payload, content } = event;
    const [before] = this.shelf.of(key);
    const isStale = Number(payload['vers'] ?? 0) < Number(before?.fields['vers'] ?? 0);
    if (isStale && event.restored === undefined) return { status: 'delivered', change: 'unchanged' };
    const bytes =
      this.capabilities.content && content ? await buffer(await content.open(signal && { signal })) : undefined;
    const known = this.shelf.of(key).length > 0;
    this.shelf.documents = [
      ...this.shelf.documents.filter((document) => keyText(document.key) !== keyText(key)),
      { key, fields: payload, ...(parent === undefined ? {} : { parent }), ...(bytes === undefined ? {} : { bytes }) },
    ];
    return { status: 'delivered', change: known ? 'updated' : 'created' };
  }

  protected async delete({ key }: FeedEvent): Promise<DeliveryResult> {
    const { shelf } = this;
    const goes = (document: Document) =>
      [document.key, document.parent].some((one) => one !== undefined && keyText(one) === keyText(key)) ||
      (key.type === 'incident' && document.key.incidentId === key.incidentId);
    switch (this.capabilities.deletes) {
      case 'ignore':
        return { status: 'skipped', reason: 'a shelf keeps everything' };
      case 'mark':
        shelf.documents = shelf.documents.map((one) => (goes(one) ? { ...one, deleted: true } : one));
        break;
      case 'apply':
        shelf.documents = shelf.documents.filter((one) => !goes(one));
    }
    return { status: 'delivered', change: 'deleted' };
  }

  private reach(): void {
    if (this.shelf.away) throw new UnavailableError('The shelf is away.', { code: 'shelf-away' });
  }

  private async whileStuck(signal: AbortSignal): Promise<void> {
    const { stuck } = this.shelf;
    if (stuck === undefined) return;
    stuck.reached();
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
    await Promise.race([stuck.free, aborted]);
  }
}
