import type { Life } from '../virtual/lives.js';
import type { Finding } from './Finding.js';

/**
 * Whether a server that asked for a pause gets it. Judged on changes of what belongs to one incident: one lane makes them, one after
 * the other, and it has nothing else to ask meanwhile. A reading may have several askers.
 */
export class Waits {
  readonly findings: Finding[] = [];
  /** Until when a process must not send a request again, ms of the world. */
  private readonly untilMs = new Map<string, number>();

  /** A server answered this request with `Retry-After`. */
  told({ name }: Life, request: string, seconds: number, nowMs: number): void {
    if (isOfOneLane(request)) this.untilMs.set(`${name} ${request}`, nowMs + seconds * 1_000);
  }

  asks({ name, wakesAtMs }: Life, request: string, nowMs: number): void {
    // A delivery that a standstill outlived is begun anew, and has not heard of the answer.
    if (wakesAtMs !== undefined) return;
    const untilMs = this.untilMs.get(`${name} ${request}`);
    if (untilMs === undefined || nowMs >= untilMs) return;
    this.untilMs.delete(`${name} ${request}`);
    const text = `${name} sends "${request}" again ${untilMs - nowMs} ms before the server wants it`;
    this.findings.push({ check: 'impatient', text });
  }
}

/** A change of what belongs to one incident. */
export function isOfOneLane(request: string): boolean {
  return /^(POST|PUT|PATCH|DELETE) \S*\/orgs\/\d+\/\w+\/\d+/.test(request) && !/quer|search/.test(request);
}
