import type { OrgOptions, Simulator } from '@soar-feed/soar-simulator';

/** The config file an operator would write for two organizations: nothing in it is special to the demo. */
export function appConfig(
  simulator: Simulator,
  { source, target, statusPort }: { source: OrgOptions; target: OrgOptions; statusPort: number },
): string {
  const { host, restPort, stompPort, caFile } = simulator;
  const login = (org: OrgOptions): string => `org=${org.name}
api_key_id=key-${org.id}
api_key_secret=secret-${org.id}
cafile=${caFile}`;
  return `[resilient]
host=${host}
port=${restPort}
stomp_port=${stompPort}
${login(source)}

[feeds]
feed_names=resilient_feed
queue=feed_data
reload=true
status_port=${statusPort}

[resilient_feed]
class=ResilientFeed
host=${host}
port=${restPort}
${login(target)}
sqlite_sync_file=sync.sqlite3
sync_reference_fields=true
delete_incidents=true
`;
}
