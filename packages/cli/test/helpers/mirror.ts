import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';
import { appConfig } from './Site.js';
import type { Sections } from './Site.js';

const TABLE = { name: 'hosts', label: 'Hosts', columns: [{ name: 'host', inputType: 'text' as const }] };

/** A platform with the organization that is read (201) and the one that becomes its replica (301). */
export function startPair(more: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const schema = { tables: [TABLE] };
  return startSimulator({
    orgs: [
      { id: 201, name: 'Acme', schema, incidentDeletionAllowed: true },
      { id: 301, name: 'Mirror', schema, feedQueue: false, incidentDeletionAllowed: true },
    ],
    ...more,
  });
}

/** An app.config whose feed `mirror` makes the second organization a replica of the first. */
export function mirrorConfig(simulator: Simulator, keys: Sections[string] = {}, more: Sections = {}): string {
  return appConfig(simulator, {
    ...more,
    feeds: { feed_names: 'mirror', ...more['feeds'] },
    mirror: {
      ...{ class: 'resilient', host: simulator.host, port: String(simulator.restPort), org: 'Mirror' },
      ...{ api_key_id: 'key-301', api_key_secret: 'secret-301', cafile: simulator.caFile, sqlite_sync_file: 'sync.db' },
      ...keys,
    },
  });
}
