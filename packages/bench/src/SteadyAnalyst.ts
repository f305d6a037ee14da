import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { percentile } from './percentile.js';
import type { SimulatorFacts } from './simulatorProcess.js';

/** Somebody who works in the target organization at a slow, steady pace, and notices how long it lets them wait. */
export class SteadyAnalyst {
  private readonly agent: Agent;
  private readonly waits: number[] = [];
  private readonly timer: NodeJS.Timeout;
  private count = 0;

  constructor(
    private readonly facts: SimulatorFacts,
    perSecond: number,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(facts.caFile) });
    this.timer = setInterval(() => this.work(), 1000 / perSecond);
  }

  /** The waits since this was last asked for, ms. */
  take(): { readonly p50: number; readonly p95: number; readonly count: number } {
    const waits = this.waits.splice(0);
    return { p50: percentile(waits, 0.5), p95: percentile(waits, 0.95), count: waits.length };
  }

  stop(): void {
    clearInterval(this.timer);
    this.agent.destroy();
  }

  /** Looks at something, or writes something, in turn. */
  private work(): void {
    const writes = this.count++ % 2 === 1;
    const body = writes ? JSON.stringify({ text: { format: 'text', content: 'By an analyst' } }) : '';
    const { restPort, targetIncidentId } = this.facts;
    const path = `/rest/orgs/202/incidents/${targetIncidentId}${writes ? '/comments' : ''}`;
    const startedAt = performance.now();
    const sent = request(
      {
        ...{ agent: this.agent, host: '127.0.0.1', port: restPort, auth: 'key-202:secret-202' },
        ...{ method: writes ? 'POST' : 'GET', path },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume();
        answer.once('end', () => this.waits.push(performance.now() - startedAt));
      },
    );
    // The end of the run.
    sent.once('error', () => undefined);
    sent.end(body);
  }
}
