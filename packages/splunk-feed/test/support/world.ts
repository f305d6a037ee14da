import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';

/** A platform with some incidents and notes, made before there was any feed. */
export async function startWorld(incidents: number): Promise<Simulator> {
  const simulator = await startSimulator({ orgs: [{ id: 201, name: 'Acme' }] });
  const org = simulator.org(201);
  org.setRules(false);
  for (let at = 1; at <= incidents; at += 1) {
    const { id } = org.createIncident({ name: `Incident ${at}`, discovered_date: 1_700_000_000_000 });
    for (let note = 1; note <= 3; note += 1) org.addNote({ incidentId: id }, `Note ${note} of ${at}`);
  }
  org.setRules(true);
  return simulator;
}

/** Name by incident, and text by note, at the source. */
export function textsOf(simulator: Simulator): ReadonlyMap<string, unknown> {
  const texts = new Map<string, unknown>();
  for (const incident of simulator.org(201).dump().incidents) {
    texts.set(`incident ${incident.id}`, incident.labels['name']);
    for (const { id, labels } of incident.notes) texts.set(`note ${id}`, contentOf(labels['text']));
  }
  return texts;
}

/** Some of everything: new, changed and deleted objects, also whole incidents. */
export function work(simulator: Simulator, rounds: number): void {
  const org = simulator.org(201);
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = org.dump().incidents;
    const { id } = org.createIncident({ name: `Live ${round}`, discovered_date: 1_700_000_000_000 });
    org.addNote({ incidentId: id }, `Note of live ${round}`);
    if (second !== undefined) org.updateIncident(second.id, { name: `Changed ${round}` });
    if (first !== undefined && round % 3 === 0) org.deleteIncident(first.id);
  }
}

export function contentOf(text: unknown): unknown {
  return typeof text === 'object' && text !== null && 'content' in text ? text.content : text;
}
