import { AsyncLocalStorage } from 'node:async_hooks';
import { PermanentError } from '../../contract/errors.js';
import type { DeliveryResult } from '../../contract/DeliveryResult.js';
import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { DeliverContext, FeedTarget, OpenContext, TargetCapabilities } from '../../contract/FeedTarget.js';
import { keyText } from '../../contract/ObjectKey.js';
import type { PlannedRequest } from '../../contract/Rehearsal.js';
import { messageOf } from '../../trouble/messageOf.js';
import type { PlannedStep } from './Plan.js';

type Told = (step: PlannedStep) => void;

/**
 * Stands in for a target in a plan: tells of each delivery what became of it and what would have been sent. Nothing is
 * tried twice: whatever fails is part of the plan.
 */
export class RehearsedTarget implements FeedTarget {
  readonly shows: 'requests' | 'events';
  readonly capabilities: TargetCapabilities;
  /** Why it could not be opened. */
  openError: unknown;
  private readonly target: FeedTarget | undefined;
  private readonly requests = new AsyncLocalStorage<PlannedRequest[]>();

  constructor(
    private readonly own: FeedTarget,
    includes: (incidentId: number) => boolean,
    private readonly tell: Told,
  ) {
    const { batch: _, ...capabilities } = own.capabilities;
    this.capabilities = capabilities;
    const record = (request: PlannedRequest): void => void this.requests.getStore()?.push(request);
    this.target = own.rehearse?.({ includes, record });
    this.shows = this.target === undefined ? 'events' : 'requests';
  }

  async open(context: OpenContext): Promise<void> {
    this.openError = undefined;
    await this.target?.open(context).catch((error: unknown) => {
      this.openError = error;
      throw error;
    });
  }

  async deliver(event: FeedEvent, context: DeliverContext): Promise<DeliveryResult> {
    const { key, operation } = event;
    const { target } = this;
    const requests: PlannedRequest[] = [];
    const step = { key, operation, requests };
    if (target === undefined) {
      this.tell({ ...step, outcome: 'handed-over' });
      return { status: 'delivered', change: 'unchanged' };
    }
    try {
      const result = await this.requests.run(requests, () => target.deliver(event, context));
      if (result.status === 'delivered') await result.committed;
      this.tell({ ...step, ...endingOf(result) });
      return result;
    } catch (error) {
      if (context.signal.aborted) throw error;
      const code = (error as { readonly code?: unknown }).code;
      const told = typeof code === 'string' ? { code } : {};
      this.tell({ ...step, outcome: 'failed', reason: messageOf(error), ...told });
      // Tried again, it would only be told again.
      throw new PermanentError(messageOf(error), { code: 'planned', cause: error });
    }
  }

  async close(): Promise<void> {
    await this.target?.close();
    await this.own.close();
  }
}

function endingOf(result: DeliveryResult): Pick<PlannedStep, 'outcome' | 'reason'> {
  switch (result.status) {
    case 'delivered':
      return { outcome: result.change };
    case 'skipped':
      return { outcome: 'skipped', reason: result.reason };
    case 'waiting':
      return { outcome: 'waiting', reason: `waits for ${keyText(result.on)}` };
  }
}
