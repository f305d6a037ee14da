import type { HostStatus } from './HostStatus.js';

export interface HostHealth {
  readonly ok: boolean;
  /** What is wrong, for people. */
  readonly reasons: readonly string[];
  /** Which host a standby waits for: it works, but has nothing to do. */
  readonly standby?: string;
}

/** The part of a status that says how a host is. */
export interface HealthFacts extends Pick<HostStatus, 'queue' | 'store'> {
  readonly source?: HostStatus['source'];
  readonly waitsFor?: string;
  readonly standby?: string;
  readonly reload?: Pick<HostStatus['reload'], 'problem'>;
  readonly feeds: readonly { readonly name: string; readonly state: string; readonly problem?: string }[];
}

/**
 * Whether a host does its work: the queue is connected (or not wanted), the store takes changes, every feed is open, and no
 * reload waits for the source. All that a standby has to do is wait.
 */
export function healthOf({ queue, store, feeds, source, waitsFor, standby, reload }: HealthFacts): HostHealth {
  if (standby !== undefined) return { ok: true, reasons: [], standby };
  const reasons = [
    ...(source === undefined ? ['the source is not connected'] : []),
    ...(waitsFor === undefined ? [] : [`the start waits${because(waitsFor)}`]),
    ...(queue.state === 'connected' || queue.state === 'off' || source === undefined
      ? []
      : [`the queue is ${queue.state}${because(queue.problem)}`]),
    ...(store.problem === undefined ? [] : [`the state store takes nothing${because(store.problem)}`]),
    ...(reload?.problem === undefined ? [] : [`the reload waits${because(reload.problem)}`]),
    ...feeds.flatMap(({ name, state, problem }) => (state === 'up' ? [] : [`${name} is ${state}${because(problem)}`])),
  ];
  return { ok: reasons.length === 0, reasons };
}

function because(problem: string | undefined): string {
  return problem === undefined ? '' : `: ${problem}`;
}
