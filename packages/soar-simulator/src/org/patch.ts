import { asBag } from './bag.js';
import { valueOf } from './FieldWriter.js';
import type { Bag } from './bag.js';
import type { People } from './people/People.js';
import { invalid } from './PlatformError.js';
import type { Field, TypeDef } from './schema/TypeDef.js';
import type { ValueReader } from './values/readValue.js';
import { showValue } from './values/showValue.js';
import type { Format } from './values/showValue.js';

export interface PatchContext {
  type: TypeDef;
  current: Bag;
  /** Stored version; undefined for objects without one. */
  version: number | undefined;
  reader: ValueReader;
  people: People;
  format: Format;
  customFieldAs: 'either' | 'bare' | 'prefixed';
}

export interface PatchOutcome {
  /** PatchStatusDTO. */
  status: Bag;
  /** The changes as the body of a write that keeps all other fields; undefined if there were conflicts. */
  body: Bag | undefined;
}

/**
 * Reads a PatchDTO. `old_value` is compared only if the client's version is older than the stored one; one conflict
 * refuses the whole patch. The values in a failure are bare (IBM resilient patch.py wraps them in a holder itself).
 */
export function readPatch(patch: Bag, context: PatchContext): PatchOutcome {
  const { type, current, reader, people, format } = context;
  const changes = patch['changes'];
  if (!Array.isArray(changes)) throw invalid('The patch has no changes.');
  const older = typeof patch['version'] === 'number' && patch['version'] < (context.version ?? 0);
  const failures: Bag[] = [];
  const body: Bag = {};
  for (const change of changes.map(asBag)) {
    const sentName = fieldName(change['field']);
    const field = resolve(type, sentName, context.customFieldAs);
    const stored = valueOf(field, current);
    const value = held(change['new_value']);
    if (older && !same(reader.read(field, held(change['old_value']), stored), stored)) {
      failures.push({
        field: sentName,
        field_type: { id: type.id, name: type.name },
        your_original_value: held(change['old_value']) ?? null,
        actual_current_value: showValue(field, stored, format, people) ?? null,
      });
    } else if (field.prefix === null) body[field.name] = value ?? null;
    else body[field.prefix] = { ...asBag(body[field.prefix]), [field.name]: value ?? null };
  }
  if (failures.length === 0) return { status: statusDto(true, null, []), body };
  const message =
    'Some of the changes could not be applied due to a conflicting edit by another user. ' +
    `The following field(s) were in conflict:  ${failures.map((each) => String(each['field'])).join(', ')}.`;
  return { status: statusDto(false, message, failures), body: undefined };
}

function statusDto(success: boolean, message: string | null, failures: Bag[]): Bag {
  return { success, title: null, message, hints: [], field_failures: failures };
}

function fieldName(field: unknown): string {
  const name = typeof field === 'string' ? field : asBag(field)['name'];
  if (typeof name !== 'string') throw invalid('A change of the patch names no field.');
  return name;
}

function resolve(type: TypeDef, sent: string, customFieldAs: PatchContext['customFieldAs']): Field {
  const dot = sent.indexOf('.');
  const [prefix, name] = dot < 0 ? [null, sent] : [sent.slice(0, dot), sent.slice(dot + 1)];
  const field = type.fields.get(name);
  const wrongForm =
    field?.prefix === 'properties' &&
    customFieldAs !== 'either' &&
    (prefix !== null) !== (customFieldAs === 'prefixed');
  if (!field || (prefix !== null && field.prefix !== prefix) || wrongForm) throw invalid(`Invalid field name: ${sent}`);
  if (field.readOnly) throw invalid(`The field ${sent} is read-only.`);
  return field;
}

/** A value holder has exactly one of these keys. */
function held(holder: unknown): unknown {
  const bag = asBag(holder);
  for (const key of ['object', 'text', 'textarea', 'id', 'ids', 'boolean', 'date', 'number'])
    if (bag[key] !== undefined) return bag[key];
  return null;
}

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each) => b.includes(each));
  return (a ?? null) === (b ?? null);
}
