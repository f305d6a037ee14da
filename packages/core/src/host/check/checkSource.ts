import { SoarClient } from '@soar-feed/soar-client';
import { namingKeys } from '../../config/namingKeys.js';
import { isDataTable } from '../../contract/TypeSchema.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { PreparedHost } from '../PreparedHost.js';
import { unknownNames } from '../unknownNames.js';
import type { CheckLine } from './CheckLine.js';
import { failure, sentence } from './CheckLine.js';

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
    return { line: failure('source', namingKeys(error, 'resilient', connection)) };
  }
}

/** Checks that the types can be read, and that the names in the config exist. */
export async function* checkTypes(
  catalog: TypeCatalog,
  client: SoarClient,
  { config }: PreparedHost,
): AsyncGenerator<CheckLine> {
  try {
    const types = await catalog.all();
    const tables = types.filter(isDataTable).length;
    const detail = `${types.length} types, ${tables} of them data tables`;
    const unknown = await unknownNames(config.feeds, client, catalog);
    for (const issue of unknown) yield { subject: 'types', state: 'warn', detail: sentence(issue) };
    if (unknown.length === 0) yield { subject: 'types', state: 'ok', detail };
  } catch (error) {
    yield failure('types', error);
  }
}
