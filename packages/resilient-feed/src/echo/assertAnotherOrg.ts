import { ConfigError } from '@soar-feed/core';
import type { SourceOrg } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import { hostOf } from '../translate/Origin.js';

/** What distinguishes the two sides of a feed. */
type Source = Pick<SourceOrg, 'host' | 'orgId' | 'orgUuid' | 'fetch'>;

/**
 * Throws `ConfigError` if the target is the organization that we feed from: every incident would come back as a new
 * one. The uuid decides. If a server shows none, an incident that both sides have decides.
 */
export async function assertAnotherOrg(
  client: Pick<SoarClient, 'host' | 'org' | 'incidents'>,
  source: Source,
  section: string,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isSameOrg(client, source, signal))) return;
  const { org, host } = client;
  throw new ConfigError([
    {
      section,
      key: 'org',
      problem: `names the organization that [resilient] reads from: "${org.name}" (${org.id}) at ${host}. What is fed would come back as new; name another organization, in org or host.`,
    },
  ]);
}

async function isSameOrg(
  { org, host, incidents }: Pick<SoarClient, 'host' | 'org' | 'incidents'>,
  source: Source,
  signal: AbortSignal,
): Promise<boolean> {
  if (org.uuid !== undefined && source.orgUuid !== undefined)
    return org.uuid.toLowerCase() === source.orgUuid.toLowerCase();
  // Ids of organizations are unique on a server.
  if (org.id !== source.orgId) return false;
  const first = await firstIncident(incidents, signal);
  if (first === undefined) return hostOf(host) === hostOf(source.host);
  const key = { orgId: source.orgId, incidentId: first.id, type: 'incident', objectId: first.id };
  const ours = await source.fetch(key).catch(() => undefined);
  return ours !== undefined && ours['create_date'] === first.create_date && ours['name'] === first.name;
}

async function firstIncident(incidents: SoarClient['incidents'], signal: AbortSignal) {
  try {
    for await (const [first] of incidents.pages({ pageSize: 1, returnLevel: 'full' }, { signal })) return first;
  } catch (error) {
    if (!SoarApiError.is(error) || error.status === undefined) throw error;
  }
  return undefined;
}
