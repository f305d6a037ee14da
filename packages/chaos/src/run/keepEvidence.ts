import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '@soar-feed/soar-simulator';
import type { Finding } from '../oracle/Finding.js';
import type { World } from '../world/World.js';

/** Keeps, beside the host's databases and logs: the plan, the findings, both organizations, and what happened when. */
export function keepEvidence(world: World, plan: unknown, findings: readonly Finding[]): void {
  const { folder, simulator, source, target, messages, timeline } = world;
  const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), `${writeJson(value, 2)}\n`);
  write('plan.json', plan);
  write('findings.json', findings);
  write('source.json', simulator.dump(source.id).incidents);
  write('target.json', simulator.dump(target.id).incidents);
  write('messages.json', messages.all());
  const requests = simulator.requests.log.map(({ atMs, method, path, status, org }) => ({
    atMs,
    who: `org ${org}`,
    what: `${method} ${path} → ${status === 0 ? 'no answer' : status}`,
  }));
  timeline.write(join(folder, 'timeline.log'), requests);
}
