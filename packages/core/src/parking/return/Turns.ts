import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { ParkedFailure } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { Pauses } from '../../source/patience/Pauses.js';
import { ROW, troubleOf } from '../../source/patience/policy.js';
import { PROGRAMMING_ERROR } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';

export interface TurnServices {
  readonly feed: { readonly name: string };
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborted when the host stops. */
  readonly stopping: AbortSignal;
}

/** One thing to bring back. */
export interface Turn<Name> {
  readonly key: ObjectKey;
  /** What pauses when it cannot be brought back now. */
  readonly name: Name;
  readonly work: () => Promise<void>;
  /** What could not be done, for the reason of a row that meets a bug; such as "... could not be fetched". */
  readonly failed: string;
  readonly fail: (why: ParkedFailure) => Promise<void>;
}

/** Brings things back one after the other. What the source does not give now pauses; what meets a bug fails. */
export class Turns<Name> {
  private readonly pauses: Pauses<Name>;

  constructor(private readonly services: TurnServices) {
    this.pauses = new Pauses(ROW, services);
  }

  has(name: Name): boolean {
    return this.pauses.has(name);
  }

  names(): readonly Name[] {
    return this.pauses.names();
  }

  /** Its next failure is its first one again. */
  end(name: Name): void {
    this.pauses.end(name);
  }

  /** Leaves it alone for a while although it went well. */
  rest(name: Name): void {
    this.pauses.rest(name);
  }

  /** `false`: it did not work, and pauses or failed. Rejects when the source cannot be reached, or the host stops. */
  async take({ key, name, work, failed, fail }: Turn<Name>): Promise<boolean> {
    const { feed, log, stopping } = this.services;
    try {
      await work();
      return true;
    } catch (error) {
      const trouble = troubleOf(error);
      if (error instanceof StoppingError || stopping.aborted || trouble === 'away') throw error;
      const { type, objectId, incidentId } = key;
      const facts = { feed: feed.name, type, objectId, incidentId };
      if (trouble !== 'fault') {
        this.pauses.begin(name, error, facts);
        return false;
      }
      const message = messageOf(error);
      log.error(`A bug, met while a parked row was brought back: ${message}`, { ...facts, error });
      await fail({ state: 'failed', code: PROGRAMMING_ERROR, message: `${failed}: ${message}`, attempts: 1 });
      return false;
    }
  }
}
