import type { OrgOptions } from '../org/OrgOptions.js';
import type { Simulator } from '../Simulator.js';

/** What a program needs to connect: the line that `--json` prints. */
export interface ConnectionFacts {
  readonly restUrl: string;
  readonly host: string;
  readonly restPort: number;
  readonly stompPort: number;
  /** Empty without TLS. */
  readonly caFile: string;
  readonly orgs: readonly OrgFacts[];
}

export interface OrgFacts {
  readonly id: number;
  readonly name: string;
  readonly apiKeyId: string;
  readonly apiKeySecret: string;
  /** The queue of the automatic rules; null if the org has none. */
  readonly queue: string | null;
  readonly incidents: number;
}

export function connectionFacts(simulator: Simulator, orgs: readonly OrgOptions[]): ConnectionFacts {
  const { restUrl, host, restPort, stompPort, caFile } = simulator;
  return { restUrl, host, restPort, stompPort, caFile, orgs: orgs.map((org) => orgFacts(simulator, org)) };
}

function orgFacts(
  simulator: Simulator,
  { id, name, apiKeys, feedQueue = 'feed_data', feedPackage }: OrgOptions,
): OrgFacts {
  const [key] = apiKeys ?? [];
  return {
    id,
    name,
    apiKeyId: key?.keyId ?? `key-${id}`,
    apiKeySecret: key?.secret ?? `secret-${id}`,
    queue: feedQueue === false || feedPackage === false ? null : `actions.${id}.${feedQueue}`,
    incidents: simulator.org(id).incidentIds().length,
  };
}

/** The same facts for people, with matching lines of an `app.config`. */
export function describeFacts(facts: ConnectionFacts): string {
  const lines = [`REST   ${facts.restUrl}/rest`, `STOMP  ${facts.host}:${facts.stompPort}`];
  if (facts.caFile) lines.push(`CA     ${facts.caFile}`);
  for (const org of facts.orgs) {
    lines.push(
      '',
      `${org.name} (id ${org.id}), ${org.incidents} incidents${org.queue === null ? '' : `, queue ${org.queue}`}`,
      '  [resilient]',
      `  host=${facts.host}`,
      `  port=${facts.restPort}`,
      `  stomp_port=${facts.stompPort}`,
      `  org=${org.name}`,
      `  api_key_id=${org.apiKeyId}`,
      `  api_key_secret=${org.apiKeySecret}`,
      ...(facts.caFile ? [`  cafile=${facts.caFile}`] : []),
    );
  }
  return lines.join('\n');
}
