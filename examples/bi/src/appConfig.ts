import type { OrgOptions, Simulator } from '@soar-feed/soar-simulator';

/** The section's lines that say which database: a server by its URL, else a file. */
export function destination(url: string | undefined, file: string): string {
  return url === undefined ? `file_name=${file}` : `url=${url}`;
}

/** The config file of one organization. Ids of two organizations overlap, so each has tables of its own. */
export function appConfig(simulator: Simulator, org: OrgOptions, prefix: string, where: string): string {
  const { host, restPort, stompPort, caFile } = simulator;
  return `[resilient]
host=${host}
port=${restPort}
stomp_port=${stompPort}
org=${org.name}
api_key_id=key-${org.id}
api_key_secret=secret-${org.id}
cafile=${caFile}

[feeds]
feed_names=sql_feed
queue=feed_data
reload=true
state_db=${prefix}state.db

[sql_feed]
class=sql
${where}
table_prefix=${prefix}
history=true
views=true
`;
}
