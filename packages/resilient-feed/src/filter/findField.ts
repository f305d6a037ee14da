import { ownValue } from '@soar-feed/core';
import type { FeedEvent, FieldSchema, TypeSchema } from '@soar-feed/core';
import type { Clause, Criteria } from './Criteria.js';

export interface FoundField {
  readonly value: unknown;
  /** Absent if the source's schema does not list the field (`vers`, `hipaa.*`). */
  readonly schema?: FieldSchema;
}

/**
 * Finds the value that a clause names: in its section, else at the top level, else among the custom fields. Never
 * deeper: `name` is not `creator_principal.name`. `undefined`: the incident has no such field.
 */
export function findField(clause: Pick<Clause, 'section' | 'field'>, event: FeedEvent): FoundField | undefined {
  const { payload, schema } = event;
  if (clause.section !== undefined) return inSection(clause.field, clause.section, event);
  const listed = schema.fields.get(clause.field);
  if (listed?.prefix === 'properties') return inSection(clause.field, 'properties', event);
  if (listed !== undefined && listed.prefix === undefined) {
    return Object.hasOwn(payload, listed.name) ? { value: payload[listed.name], schema: listed } : undefined;
  }
  if (Object.hasOwn(payload, clause.field) && isPlain(payload[clause.field])) return { value: payload[clause.field] };
  return inSection(clause.field, 'properties', event);
}

/**
 * Fields (`section.name` as written) that neither the incident nor its schema has: probably misspelled, so they are
 * reported once.
 */
export function unknownFields(criteria: Criteria, event: FeedEvent): string[] {
  const unknown = criteria.clauses.filter(
    (clause) => findField(clause, event) === undefined && !isListed(clause, event.schema),
  );
  return [...new Set(unknown.map(({ section, field }) => (section === undefined ? field : `${section}.${field}`)))];
}

/** Plain values of an incident that the schema of no version lists (`GET /types` compared with an incident as read). */
export const UNLISTED: ReadonlySet<string> = new Set([
  ...['id', 'vers', 'org_id', 'org_handle', 'draft', 'is_scenario', 'admin_id', 'creator_id', 'sequence_code'],
  ...['create_date', 'due_date', 'end_date', 'inc_last_modified_date', 'members', 'plan_status', 'phase_id'],
]);

/** Fields that the schema of incidents does not have, before any incident can be looked at. */
export function unlistedFields(criteria: Criteria, incidents: TypeSchema): string[] {
  const unlisted = criteria.clauses.filter((clause) => {
    const { section, field } = clause;
    // The schema does not list the other sections.
    if (section !== undefined && section !== 'properties') return false;
    return !isListed(clause, incidents) && !(section === undefined && UNLISTED.has(field)) && !isInSection(clause);
  });
  return [...new Set(unlisted.map(({ section, field }) => (section === undefined ? field : `${section}.${field}`)))];

  function isInSection({ section, field }: Clause): boolean {
    const listed = incidents.fields.get(field);
    return section === undefined && listed !== undefined && listed.prefix === undefined;
  }
}

function inSection(field: string, section: string, { payload, schema }: FeedEvent): FoundField | undefined {
  const values = ownValue(payload, section);
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, field)) return undefined;
  const value = (values as Readonly<Record<string, unknown>>)[field];
  const listed = schema.fields.get(field);
  return listed?.prefix === section ? { value, schema: listed } : { value };
}

function isListed({ section, field }: Clause, schema: TypeSchema): boolean {
  const prefix = schema.fields.get(field)?.prefix;
  return schema.fields.has(field) && (prefix === section || (section === undefined && prefix === 'properties'));
}

/** Whether it is not one of the nested objects (`creator`, `cm`, `perms`, ...). */
function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Array.isArray(value) && value.every(isPlain));
}
