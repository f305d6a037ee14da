import type { SoarClient } from '@soar-feed/soar-client';
import { shownFeeds } from '../../config/shownFeeds.js';
import { shownNames } from '../../contract/shownFields.js';
import { missingFields } from '../../showing/missingFields.js';
import { deniedWrite } from '../examine/sourceFindings.js';
import type { PreparedHost } from '../PreparedHost.js';
import type { CheckLine } from './CheckLine.js';

/** Whether feeds can show themselves in the source: the fields, and the permission to write them. Only warnings. */
export async function* checkShown(
  client: SoarClient,
  { config }: PreparedHost,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckLine> {
  const feeds = shownFeeds(config).map((name) => ({ name, names: shownNames(name) }));
  if (feeds.length === 0) return;
  const about = { subject: 'types', state: 'warn' } as const;
  try {
    const types = await client.types.all(signal === undefined ? {} : { signal });
    for (const [feed, fields] of missingFields(types, feeds))
      yield {
        ...{ ...about, feed, code: 'shown-fields-missing' },
        detail: `[${feed}] show_in_source: the source's incidents have no field ${fields.join(', ')}`,
        advice: 'Run soar-feed customize; until then, nothing is shown there.',
      };
    const denied = await deniedWrite(client, signal);
    if (denied !== undefined)
      yield {
        ...{ ...about, subject: 'source', code: 'shown-forbidden' },
        detail: `show_in_source: the account may not edit incident ${denied} of the source`,
        advice: 'Give it the permission to edit incidents, or take show_in_source out; deliveries are not affected.',
      };
  } catch {
    // The lines of the source and its types have said why.
  }
}
