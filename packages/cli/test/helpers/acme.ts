import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';

/** A platform with one small organization, `Acme` (id 201), unless `more` says otherwise. */
export function startAcme(more: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return startSimulator({ orgs: [{ id: 201, name: 'Acme' }], ...more });
}

/** Incidents with a note each, made before there was any feed. */
export function fill(simulator: Simulator, incidents: number): readonly number[] {
  const org = simulator.org(201);
  org.setRules(false);
  const ids = Array.from({ length: incidents }, (_, at) => {
    const { id } = org.createIncident({ name: `Incident ${at + 1}`, discovered_date: 1_700_000_000_000 });
    org.addNote({ incidentId: id }, `Note ${at + 1}`);
    return id;
  });
  org.setRules(true);
  return ids;
}
