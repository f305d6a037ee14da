import { within } from '@soar-feed/soar-client';
import type { Clock } from '../contract/Clock.js';
import { UnavailableError } from '../contract/errors.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Supervisor } from './Supervisor.js';
import { messageOf } from '../trouble/messageOf.js';

const EVERY_MS = 10_000;
/** The second probe comes this long (ms) after a bad one: a single bad answer is no outage. */
const AGAIN_MS = 2_000;
const WITHIN_MS = 30_000;

export interface HealthWatchServices {
  readonly target: FeedTarget;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  /** Nothing is under way. Otherwise deliveries tell more than any probe. */
  readonly isIdle: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Probes an idle target now and then, so that an outage is noticed before the next delivery. Two bad answers in a row count
 * as away. Never rejects.
 */
export async function watchHealth({ target, supervisor, clock, isIdle, signal }: HealthWatchServices): Promise<void> {
  if (target.health === undefined) return;
  const asks = (): boolean => !signal.aborted && supervisor.up && isIdle();
  /** Why it is down. */
  const problem = async (): Promise<string | undefined> => {
    try {
      const health = await within(WITHIN_MS, signal, async (asking) => target.health?.({ signal: asking }), noAnswer);
      return health?.state === 'down' ? health.detail : undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  const rest = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);
  while (!signal.aborted) {
    await rest(EVERY_MS);
    const { generation } = supervisor;
    if (!asks() || (await problem()) === undefined) continue;
    await rest(AGAIN_MS);
    if (!asks()) continue;
    const still = await problem();
    // It may have been reopened meanwhile: `lost` checks the generation.
    if (still !== undefined && asks())
      supervisor.lost(new UnavailableError(still, { code: 'target-unwell' }), generation);
  }
}

function noAnswer(): Error {
  return new Error(`The target did not answer a health probe within ${WITHIN_MS / 1000} s.`);
}
