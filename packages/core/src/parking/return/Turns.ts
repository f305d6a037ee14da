import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { ParkedFailure } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { Pauses } from '../../source/patience/Pauses.js';
import { ROW, troubleOf } from '../../source/patience/policy.js';
import { PROGRAMMING_ERROR, refusalOf } from '../../trouble/classify.js';
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
  /** The work asks the source, so its success shows that the source answers. */
  readonly asksSource: boolean;
  /** What could not be done, for the reason of a row that fails; such as "... could not be fetched". */
  readonly failed: string;
  readonly fail: (why: ParkedFailure) => Promise<void>;
  /** A refusal fails it, too; otherwise it pauses, as others may be given more. */
  readonly failsWhenRefused?: true;
}

interface Suspect<Name> {
  readonly name: Name;
  readonly error: unknown;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Brings things back one after the other. What the source does not give now pauses; what meets a bug fails. A source that
 * seems to be away is asked for one more thing: if it gives that, the first one pauses, as a gateway may answer for one
 * object alone.
 */
export class Turns<Name> {
  private readonly pauses: Pauses<Name>;
  /** What could not be had because the source seems to be away. */
  private suspect: Suspect<Name> | undefined;

  constructor(private readonly services: TurnServices) {
    this.pauses = new Pauses(ROW, services);
  }

  has(name: Name): boolean {
    return this.suspect?.name === name || this.pauses.has(name);
  }

  names(): readonly Name[] {
    const names = this.pauses.names();
    return this.suspect === undefined ? names : [...names, this.suspect.name];
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
  async take(turn: Turn<Name>): Promise<boolean> {
    try {
      await turn.work();
    } catch (error) {
      if (error instanceof StoppingError || this.services.stopping.aborted) throw error;
      const { type, objectId, incidentId } = turn.key;
      await this.failed(turn, error, { feed: this.services.feed.name, type, objectId, incidentId });
      return false;
    }
    if (turn.asksSource) this.acquit();
    return true;
  }

  /** After the last one. Throws what the suspect met: nothing showed that the source answers. */
  over(): void {
    const { suspect } = this;
    this.suspect = undefined;
    if (suspect !== undefined) throw suspect.error;
  }

  private async failed(turn: Turn<Name>, error: unknown, facts: Suspect<Name>['facts']): Promise<void> {
    const { name, failed, fail } = turn;
    const trouble = troubleOf(error);
    if (trouble === 'away') {
      const isSecond = this.suspect !== undefined;
      this.suspect = isSecond ? undefined : { name, error, facts };
      if (isSecond) throw error;
      return;
    }
    // The source answers, if not with what was asked for.
    if (trouble !== 'fault') this.acquit();
    const refusal = trouble === 'refused' && turn.failsWhenRefused === true ? refusalOf(error) : undefined;
    if (trouble !== 'fault' && refusal === undefined) {
      this.pauses.begin(name, error, facts);
      return;
    }
    const message = messageOf(error);
    if (trouble === 'fault')
      this.services.log.error(`A bug, met while a parked row was brought back: ${message}`, { ...facts, error });
    const code = refusal?.code ?? PROGRAMMING_ERROR;
    await fail({ state: 'failed', code, message: `${failed}: ${message}`, attempts: 1 });
  }

  /** The source answers: the trouble is the suspect's own. */
  private acquit(): void {
    const { suspect } = this;
    this.suspect = undefined;
    if (suspect !== undefined) this.pauses.begin(suspect.name, suspect.error, suspect.facts);
  }
}
