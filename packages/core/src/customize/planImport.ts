import type { ConfigurationDto, SoarClient } from '@soar-feed/soar-client';
import type { Customization } from './Customization.js';
import { entriesOf, keyOf } from './entries.js';
import type { ListName } from './entries.js';
import type { PlanItem } from './PlanItem.js';
import { sendImport } from './sendImport.js';

const KINDS: readonly (readonly [ListName, PlanItem['kind']])[] = [
  ['incident_types', 'incident type'],
  ['phases', 'phase'],
  ['incident_artifact_types', 'artifact type'],
  ['types', 'type'],
  ['fields', 'field'],
  ['message_destinations', 'destination'],
  ['functions', 'function'],
  ['actions', 'rule'],
  ['playbooks', 'playbook'],
];

/** IBM's placeholders mean nothing. */
const PLACEHOLDERS = ['Customization Packages (internal)', 'incident/internal_customizations_field'];

/** What an import file holds: what the organization lacks is created, what it has is updated in place. */
export async function planImport(
  client: SoarClient,
  configuration: ConfigurationDto,
  signal?: AbortSignal,
): Promise<Customization> {
  const current = await client.configurations.export(signal === undefined ? {} : { signal });
  const items = KINDS.flatMap(([list, kind]) => {
    const known = new Set(entriesOf(current, list).map(keyOf));
    return entriesOf(configuration, list)
      .map(keyOf)
      .filter((name) => !PLACEHOLDERS.includes(name))
      .map((name): PlanItem => ({ kind, name, state: known.has(name) ? 'update' : 'create' }));
  });
  return {
    items,
    configuration,
    async apply(applySignal) {
      if (items.length > 0) await sendImport(client, configuration, applySignal);
      return [];
    },
  };
}
