/** The simulated platform as a process of its own, so that it does not share a core with what is measured. */
import { demoOrgs, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';
import { makeChanges } from './makeChanges.js';
import type { Change } from './makeChanges.js';

/** What the parent may ask; each is answered with one message. */
export type Ask =
  | ({ readonly ask: 'start' } & Seed)
  | { readonly ask: 'reset' }
  | { readonly ask: 'writes' }
  /** What the target organization was asked since it was last asked for. */
  | { readonly ask: 'requests' }
  /** From now on the target organization takes 5 s for each request. */
  | { readonly ask: 'slow' }
  /** A gateway says that the target organization is away, until it is back. */
  | { readonly ask: 'away' }
  | { readonly ask: 'back' }
  /** Answered with every change once the last one has been acknowledged. */
  | { readonly ask: 'changes'; readonly changes: number; readonly perSecond: number }
  | { readonly ask: 'stop' };

/** What the source organization holds at the start. */
export interface Seed {
  readonly incidents: number;
  /** Default 0. */
  readonly latencyMs?: number;
  /** Requests of an organization that are served at once; default: all. */
  readonly capacity?: number;
  /** Objects of each incident, itself included: notes and artifacts with few words. Default 8; `demo`: of every kind, about 18. */
  readonly objects?: number | 'demo';
}

export interface SimulatorFacts {
  readonly restPort: number;
  readonly stompPort: number;
  readonly caFile: string;
  readonly objects: number;
  /** Of the source, ascending. */
  readonly incidentIds: readonly number[];
  /** An incident of the target's own. */
  readonly targetIncidentId: number;
}

export interface TargetRequests {
  readonly all: number;
  readonly writes: number;
}

const SOURCE = 201;
const TARGET = 202;

let simulator: Simulator | undefined;

async function answer(message: Ask): Promise<unknown> {
  switch (message.ask) {
    case 'start':
      return start(message);
    case 'reset':
      return simulator?.requests.reset();
    case 'writes':
      return simulator?.requests.writes;
    case 'requests':
      return requests();
    case 'slow':
      simulator?.faults.add({ org: TARGET, delayMs: 5_000 });
      return undefined;
    case 'away':
      simulator?.faults.add({ org: TARGET, gateway: { status: 502 } });
      return undefined;
    case 'back':
      return simulator?.faults.clear();
    case 'changes':
      return changes(message);
    case 'stop':
      await simulator?.stop();
      return setImmediate(() => process.disconnect());
  }
}

async function start({ incidents, latencyMs = 0, capacity, objects = 8 }: Seed): Promise<SimulatorFacts> {
  const orgs = demoOrgs();
  simulator = await startSimulator({ orgs: [orgs.source, orgs.target] });
  const source = simulator.org(orgs.source.id);
  source.setRules(false);
  const made =
    objects === 'demo' ? seedIncidents(source, { incidents }).objects : makeSmall(source, incidents, objects);
  const own = simulator
    .org(orgs.target.id)
    .createIncident({ name: 'Of the target', discovered_date: 1_700_000_000_000 });
  simulator.latencyMs = latencyMs;
  simulator.capacity = capacity;
  const { restPort, stompPort, caFile } = simulator;
  return { restPort, stompPort, caFile, objects: made, incidentIds: source.incidentIds(), targetIncidentId: own.id };
}

/** The requests are to be measured, not their bodies. Gives how many objects that makes. */
function makeSmall(source: SimOrg, incidents: number, objects: number): number {
  const notes = Math.ceil((objects - 1) / 2);
  for (let count = 0; count < incidents; count += 1) {
    const { id } = source.createIncident({ name: `Incident ${count}`, discovered_date: 1_700_000_000_000 + count });
    for (let note = 0; note < notes; note += 1) source.addNote({ incidentId: id }, `Note ${note} of ${count}`);
    for (let item = 0; item < objects - 1 - notes; item += 1)
      source.addArtifact(id, { type: 'String', value: `value-${count}-${item}` });
  }
  return incidents * objects;
}

function requests(): TargetRequests {
  const { total: all = 0, writes = 0 } = simulator?.requests.org(TARGET) ?? {};
  simulator?.requests.reset();
  return { all, writes };
}

async function changes(options: { changes: number; perSecond: number }): Promise<readonly Change[]> {
  const source = simulator?.org(SOURCE);
  source?.setRules(true);
  return source === undefined ? [] : makeChanges(source, options);
}

process.on('message', (message: Ask) => {
  void answer(message).then((value) => process.send?.({ value }));
});
// Whoever asked is gone, or done.
process.once('disconnect', () => process.exit());
