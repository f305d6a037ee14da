import type { SoarClient } from '@soar-feed/soar-client';
import type { PlanItem } from './PlanItem.js';

/** Whether the account may read the queue; the item of a plan that says so. */
export async function readerItem(client: SoarClient, queue: string, signal?: AbortSignal): Promise<PlanItem> {
  const { principal } = client;
  const all = await client.messageDestinations.all(signal === undefined ? {} : { signal });
  const found = all.find(({ programmatic_name: name }) => name === queue);
  const readers = principal.type === 'apikey' ? found?.api_keys : found?.users;
  const isReader = readers?.includes(principal.id) === true;
  const detail = `${principal.type === 'apikey' ? 'API key' : 'user'} ${principal.name} may read ${queue}`;
  return { kind: 'reader', name: principal.name, state: isReader ? 'present' : 'create', detail };
}

/** Adds the account to those who may read the queue, and leaves the others as they are. */
export async function addReader(client: SoarClient, queue: string, signal?: AbortSignal): Promise<void> {
  const { principal } = client;
  const options = signal === undefined ? {} : { signal };
  const all = await client.messageDestinations.all(options);
  const found = all.find(({ programmatic_name: name }) => name === queue);
  if (found === undefined) return;
  const key = principal.type === 'apikey' ? 'api_keys' : 'users';
  await client.messageDestinations.update(
    found.id,
    (current) => {
      const readers = current[key] ?? [];
      return readers.includes(principal.id) ? undefined : { ...current, [key]: [...readers, principal.id] };
    },
    options,
  );
}
