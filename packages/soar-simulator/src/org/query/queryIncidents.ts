import { asBag } from '../bag.js';
import { valueOf } from '../FieldWriter.js';
import type { Bag } from '../bag.js';
import type { OrgState } from '../OrgState.js';
import type { IncidentRecord } from '../records.js';
import type { Field } from '../schema/TypeDef.js';
import { matchesAny, queryField, readFilters } from './conditions.js';
import { pageOf } from './pageOf.js';
import type { Page } from './pageOf.js';

/** Answers a QueryPagedDTO over the incidents of an org. */
export function queryIncidents(org: OrgState, body: Bag): Page<IncidentRecord> {
  const filters = readFilters(body['filters'], org);
  const all = [...org.incidents.values()];
  const matching = filters.length === 0 ? all : all.filter(({ dto }) => matchesAny(filters, asBag(dto)));
  const sorts = (Array.isArray(body['sorts']) ? (body['sorts'] as unknown[]) : []).map(asBag).map((sort) => ({
    field: queryField(org.schema.type('incident'), sort['field_name']),
    sign: sort['type'] === 'desc' ? -1 : 1,
  }));
  // The incidents are kept in the order of their ids, so the usual sort costs nothing.
  const byId = sorts.length === 0 || (sorts[0]?.field.name === 'id' && sorts[0].sign === 1);
  if (!byId)
    matching.sort((a, b) => {
      for (const { field, sign } of sorts) {
        const order = compareBy(field, asBag(a.dto), asBag(b.dto));
        if (order !== 0) return order * sign;
      }
      return a.dto.id - b.dto.id;
    });
  return { ...pageOf(matching, body, org.behaviour.maxPageSize), recordsTotal: all.length };
}

function compareBy(field: Field, a: Bag, b: Bag): number {
  const [left, right] = [valueOf(field, a) ?? '', valueOf(field, b) ?? ''];
  if (typeof left !== 'string' && typeof right !== 'string') return Number(left > right) - Number(left < right);
  return String(left).localeCompare(String(right));
}
