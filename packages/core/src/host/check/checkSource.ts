import { SoarClient } from '@soar-feed/soar-client';
import { isDataTable } from '../../contract/TypeSchema.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { PreparedHost } from '../prepareHost.js';
import type { CheckLine } from './CheckLine.js';
import { failure } from './CheckLine.js';

/** Logs in at the source and picks the organization. The caller closes the client. */
export async function checkSource(
  { config }: PreparedHost,
  signal: AbortSignal | undefined,
): Promise<{ readonly client?: SoarClient; readonly line: CheckLine }> {
  const { connection } = config.resilient;
  try {
    const client = await SoarClient.connect(connection, signal === undefined ? {} : { signal });
    const { org, principal, host } = client;
    const who = `${principal.type === 'apikey' ? 'API key' : 'user'} ${principal.name}`;
    return {
      client,
      line: { subject: 'source', state: 'ok', detail: `${org.name} (id ${org.id}) on ${host} as ${who}` },
    };
  } catch (error) {
    return { line: failure('source', error) };
  }
}

/** Whether the types can be read, and those that the config names are among them. */
export async function checkTypes(catalog: TypeCatalog, { config }: PreparedHost): Promise<CheckLine> {
  try {
    const types = await catalog.all();
    const names = types.map((type) => type.name);
    const unknown = config.feeds.reloadTypes.filter((name) => !names.includes(name));
    if (unknown.length > 0) {
      const detail = `[feeds] reload_types names ${unknown.join(', ')}, which the organization does not have`;
      const advice = 'Write types by their API name; a data table has its own.';
      return { subject: 'types', state: 'warn', detail, advice };
    }
    const tables = types.filter(isDataTable).length;
    return { subject: 'types', state: 'ok', detail: `${types.length} types, ${tables} of them data tables` };
  } catch (error) {
    return failure('types', error);
  }
}
