import {
  classifyHttpStatus,
  flatten,
  PermanentError,
  RetryableError,
  UnavailableError,
  writeJson,
} from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent, FeedTarget } from '@soar-feed/core';

/** Posts every change as JSON: `{action, type, id, incident, row}`. The receiver must accept the same change twice. */
export class Webhook implements FeedTarget {
  readonly capabilities = { deletes: 'apply', content: false } as const;

  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
  ) {}

  /** Nothing to prepare: the first delivery shows whether the receiver is there. */
  async open(): Promise<void> {}

  async deliver(event: FeedEvent, { signal }: DeliverContext): Promise<DeliveryResult> {
    const { key, operation } = event;
    const row = operation === 'delete' ? null : flatten(event);
    const response = await this.post(
      { action: operation, type: key.type, id: key.objectId, incident: key.incidentId, row },
      signal,
    );
    await response.body?.cancel();
    const { verdict, retryAfterMs } = classifyHttpStatus(response.status, Object.fromEntries(response.headers));
    const problem = `The receiver answered ${response.status}.`;
    const details = { code: `webhook-${response.status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    switch (verdict) {
      case 'ok':
        return { status: 'delivered', change: operation === 'delete' ? 'deleted' : 'updated' };
      case 'retryable':
        throw new RetryableError(problem, details);
      case 'unavailable':
        throw new UnavailableError(problem, details);
      case 'permanent':
        throw new PermanentError(problem, details);
    }
  }

  async close(): Promise<void> {}

  private async post(body: unknown, signal: AbortSignal): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      ...(this.token && { authorization: `Bearer ${this.token}` }),
    };
    try {
      return await fetch(this.url, { method: 'POST', headers, body: writeJson(body), signal });
    } catch (error) {
      // Cut short by the engine: that says nothing about the receiver.
      signal.throwIfAborted();
      throw new UnavailableError('The receiver cannot be reached.', { code: 'webhook-unreachable', cause: error });
    }
  }
}
