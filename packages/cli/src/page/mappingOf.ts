import type { RecordFilter } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import type { Mapping, MappingQuery, MappingRow } from '@soar-feed/page';
import { recordsOf } from '../map/recordsOf.js';
import { idOf } from './idOf.js';

const PAGE = 100;
/** No further than this: whoever reads on needs the command, and the host has other things to do. */
const MOST_PAGES = 100;

/** `undefined`: the form was not sent. Throws `UsageError` for what is no id. */
export function mappingQueryOf(query: URLSearchParams): MappingQuery {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const given = ['feed', 'type', 'state', 'incident', 'id'].flatMap((name) =>
    text(name) === '' ? [] : [[name, text(name)]],
  );
  const page = Number(query.get('page') ?? '1');
  return {
    ...(Object.fromEntries(given) as Partial<MappingQuery>),
    side: query.get('side') === 'target' ? 'target' : 'source',
    page: Number.isSafeInteger(page) && page >= 1 ? Math.min(page, MOST_PAGES) : 1,
  };
}

/** One page of what the mappings hold. Throws `UsageError`, and what reading throws. */
export async function searchMapping(
  inspection: Inspection,
  query: MappingQuery,
): Promise<NonNullable<Mapping['found']>> {
  const rows: MappingRow[] = [];
  let left = (query.page - 1) * PAGE;
  for await (const row of recordsOf(inspection, filterOf(query))) {
    if (left > 0) left -= 1;
    else if (rows.push(row) > PAGE) break;
  }
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE };
}

function filterOf({ type, state, incident, id, side }: MappingQuery): RecordFilter {
  const ids =
    side === 'target'
      ? { refIncident: incident, ref: id }
      : { incidentId: idOf('Incident', incident), objectId: idOf('Object id', id) };
  return Object.fromEntries(Object.entries({ type, state, ...ids }).filter(([, value]) => value !== undefined));
}
