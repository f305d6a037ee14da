import type { ParkedFilter } from '@soar-feed/core';
import type { Knex } from 'knex';

/** Columns by which the rows of a filter are found; without them, in the order of their places. */
const FOUND_BY: readonly (readonly string[])[] = [
  ['feed', 'org_id', 'incident_id'],
  ['feed', 'state'],
];

/**
 * Adds the filter's conditions to a query that pages through the rows by place. SQLite would choose an index that begins with any
 * of the columns, and sort all of its rows again for each page: `IS TRUE` hides a column from that choice.
 */
export function filterParked<T extends object>(rows: Knex.QueryBuilder<T>, filter: ParkedFilter): Knex.QueryBuilder<T> {
  const wanted = Object.entries({
    ...{ feed: filter.feed, state: filter.state, object_type: filter.type, org_id: filter.orgId },
    ...{ incident_id: filter.incidentId, object_id: filter.objectId, code: filter.code },
  }).flatMap(([column, value]) => (value === undefined ? [] : [[column, value] as const]));
  const given = wanted.map(([column]) => column);
  const found = FOUND_BY.find((columns) => columns.every((column) => given.includes(column))) ?? [];
  for (const [column, value] of wanted) {
    if (found.includes(column)) void rows.where(column, value);
    else void rows.whereRaw('(?? = ?) IS TRUE', [column, value]);
  }
  return rows;
}
