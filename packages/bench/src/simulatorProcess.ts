/** The simulated platform as a process of its own, so that it does not share a core with what is measured. */
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { makeChanges } from './makeChanges.js';
import type { Change } from './makeChanges.js';

/** What the parent may ask; each is answered with one message. */
export type Ask =
  | { readonly ask: 'start'; readonly incidents: number; readonly latencyMs: number }
  | { readonly ask: 'reset' }
  | { readonly ask: 'writes' }
  /** From now on the target organization takes 5 s for each request. */
  | { readonly ask: 'slow' }
  /** Answered with every change once the last one has been acknowledged. */
  | { readonly ask: 'changes'; readonly changes: number; readonly perSecond: number }
  | { readonly ask: 'stop' };

export interface SimulatorFacts {
  readonly restPort: number;
  readonly stompPort: number;
  readonly caFile: string;
  readonly objects: number;
}

const SOURCE = 201;
const TARGET = 202;

let simulator: Simulator | undefined;

async function answer(message: Ask): Promise<unknown> {
  switch (message.ask) {
    case 'start':
      return start(message.incidents, message.latencyMs);
    case 'reset':
      return simulator?.requests.reset();
    case 'writes':
      return simulator?.requests.writes;
    case 'slow':
      simulator?.faults.add({ org: TARGET, delayMs: 5_000 });
      return undefined;
    case 'changes':
      return changes(message);
    case 'stop':
      await simulator?.stop();
      return setImmediate(() => process.disconnect());
  }
}

/** Small incidents of eight objects: the requests are to be measured, not their bodies. */
async function start(incidents: number, latencyMs: number): Promise<SimulatorFacts> {
  const orgs = demoOrgs();
  simulator = await startSimulator({ orgs: [orgs.source, orgs.target] });
  const source = simulator.org(orgs.source.id);
  source.setRules(false);
  for (let count = 0; count < incidents; count += 1) {
    const { id } = source.createIncident({ name: `Incident ${count}`, discovered_date: 1_700_000_000_000 + count });
    for (let note = 0; note < 4; note += 1) source.addNote({ incidentId: id }, `Note ${note} of ${count}`);
    for (let item = 0; item < 3; item += 1) source.addArtifact(id, { type: 'String', value: `value-${count}-${item}` });
  }
  simulator.latencyMs = latencyMs;
  const { restPort, stompPort, caFile } = simulator;
  return { restPort, stompPort, caFile, objects: incidents * 8 };
}

async function changes(options: { changes: number; perSecond: number }): Promise<readonly Change[]> {
  const source = simulator?.org(SOURCE);
  source?.setRules(true);
  return source === undefined ? [] : makeChanges(source, options);
}

process.on('message', (message: Ask) => {
  void answer(message).then((value) => process.send?.({ value }));
});
