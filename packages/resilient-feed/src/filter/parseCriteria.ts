import { ClauseReader } from './ClauseReader.js';
import type { Clause, Criteria } from './Criteria.js';
import { CriteriaError } from './CriteriaError.js';

/**
 * Reads `matching_incident_fields`. Clauses are separated by `;`. If there is none and every part between commas is a
 * clause, commas separate them, as in older IBM documents. Throws only `CriteriaError`.
 */
export function parseCriteria(text: string, operator: 'all' | 'any'): Criteria {
  const reading = hasInnerSemicolon(text) ? undefined : readOrUndefined(text, ',');
  if (reading !== undefined && reading.clauses.length > 1) {
    const note = `commas are read as separators: ${reading.clauses.length} clauses; put ; between them to be clear`;
    return { combine: operator, clauses: reading.clauses, notes: [...reading.notes, note] };
  }
  const { clauses, notes } = read(text, ';');
  if (clauses.length === 1) refuseHalfSeparated(clauses[0], text);
  return { combine: operator, clauses, notes };
}

interface Reading {
  readonly clauses: readonly Clause[];
  readonly notes: readonly string[];
}

function read(text: string, separator: ';' | ','): Reading {
  const reader = new ClauseReader(text, separator);
  return { clauses: reader.readAll(), notes: reader.notes };
}

function readOrUndefined(text: string, separator: ','): Reading | undefined {
  try {
    return read(text, separator);
  } catch (error) {
    if (error instanceof CriteriaError) return undefined;
    throw error;
  }
}

function hasInnerSemicolon(text: string): boolean {
  return text.trim().replace(/;+$/, '').includes(';');
}

/** `owner_id = Doe, Jane, severity_code = High` may be a value with commas or two clauses. Only a person can decide. */
function refuseHalfSeparated(clause: Clause | undefined, text: string): void {
  const value = clause?.values[0];
  if (clause === undefined || value === undefined || value.quoted || clause.values.length > 1) return;
  const looksLikeClause = value.text
    .split(',')
    .some((part, index) => index > 0 && /^\s*[A-Za-z0-9_.]+\s*[=<>!~]/.test(part));
  if (looksLikeClause) {
    throw new CriteriaError(
      clause.text,
      'is a comma part of the value or does it separate clauses? Put ; between clauses, or quotes around the value',
      text.indexOf(',', text.indexOf(value.text)),
    );
  }
}
