import { asBag } from '../bag.js';
import { valueOf } from '../FieldWriter.js';
import type { Bag } from '../bag.js';
import type { OrgState } from '../OrgState.js';
import { invalid } from '../PlatformError.js';
import { isSelect } from '../schema/TypeDef.js';
import type { Field, TypeDef } from '../schema/TypeDef.js';

type Test = (object: Bag) => boolean;

/** One filter: conditions that must all hold. */
export type Filter = readonly Test[];

/** Reads the `filters` of a query over incidents; several filters are alternatives (OR is unconfirmed). */
export function readFilters(filters: unknown, org: OrgState): Filter[] {
  if (!Array.isArray(filters)) return [];
  return filters.map((filter) => {
    const conditions = asBag(filter)['conditions'];
    return (Array.isArray(conditions) ? conditions : []).map((condition) => readCondition(asBag(condition), org));
  });
}

export function matchesAny(filters: readonly Filter[], object: Bag): boolean {
  return filters.some((filter) => filter.every((test) => test(object)));
}

/** Built-in fields by their name alone, custom ones as `properties.<name>`. */
export function queryField(type: TypeDef, name: unknown): Field {
  const text = String(name);
  const custom = text.startsWith('properties.');
  const field = type.fields.get(custom ? text.slice('properties.'.length) : text);
  if (!field || custom !== (field.prefix === 'properties')) throw invalid(`Invalid field name: ${text}`);
  return field;
}

function readCondition(condition: Bag, org: OrgState): Test {
  const field = queryField(org.schema.type('incident'), condition['field_name']);
  const method = String(condition['method']);
  const sent = condition['value'];
  const stored = (object: Bag) => valueOf(field, object);
  if (method === 'has_a_value') return (object) => !isEmpty(stored(object));
  if (method === 'not_has_a_value' || method === 'does_not_have_a_value') return (object) => isEmpty(stored(object));
  const values = (Array.isArray(sent) ? (sent as unknown[]) : [sent]).map((value) => readOne(field, value, org));
  const test = tests.get(method);
  if (!test) throw invalid(`The method ${method} is not supported.`);
  return (object) => test(stored(object), values);
}

function readOne(field: Field, value: unknown, org: OrgState): unknown {
  if (value === null || value === undefined || field.inputType === 'textarea') return value;
  return isSelect(field) ? [org.reader.read(field, value)].flat()[0] : org.reader.read(field, value);
}

const tests = new Map<string, (stored: unknown, values: readonly unknown[]) => boolean>(
  Object.entries({
    equals: (stored: unknown, values: readonly unknown[]) => equal(stored, values),
    not_equals: (stored: unknown, values: readonly unknown[]) => !equal(stored, values),
    in: (stored: unknown, values: readonly unknown[]) => [stored].flat().some((each) => values.includes(each)),
    not_in: (stored: unknown, values: readonly unknown[]) => ![stored].flat().some((each) => values.includes(each)),
    contains: (stored: unknown, values: readonly unknown[]) => contains(stored, values),
    not_contains: (stored: unknown, values: readonly unknown[]) => !contains(stored, values),
    gt: compare((a, b) => a > b),
    gte: compare((a, b) => a >= b),
    lt: compare((a, b) => a < b),
    lte: compare((a, b) => a <= b),
  }),
);

function equal(stored: unknown, values: readonly unknown[]): boolean {
  if (Array.isArray(stored)) return stored.length === values.length && stored.every((each) => values.includes(each));
  return stored === (values[0] ?? null);
}

function contains(stored: unknown, values: readonly unknown[]): boolean {
  if (Array.isArray(stored)) return values.every((value) => stored.includes(value));
  return typeof stored === 'string' && stored.toLowerCase().includes(String(values[0]).toLowerCase());
}

function compare(holds: (a: number | bigint, b: number | bigint) => boolean) {
  return (stored: unknown, [value]: readonly unknown[]) => isNumber(stored) && isNumber(value) && holds(stored, value);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
