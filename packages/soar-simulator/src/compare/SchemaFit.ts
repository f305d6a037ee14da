import type { DumpField, DumpSchema } from '../dump/OrgDump.js';
import { deprecatedFields, referenceFields, serverFilled, type InherentDifference } from './inherentDifferences.js';
import { normaliseText } from './normaliseText.js';

/** One field that both orgs have, and which of its values the target can hold. */
export interface FieldFit {
  readonly name: string;
  readonly prefix: string | null;
  /** `properties.cost`, or just the name. */
  readonly path: string;
  readonly inputType: DumpField['inputType'];
  /** Labels, e-mail addresses and names that the target knows. */
  readonly known: ReadonlySet<string>;
  /** Those of them that it may refuse. */
  readonly optional: ReadonlySet<string>;
  /** The target always has a value here. */
  readonly neverEmpty: boolean;
}

/** Which of the source's values the target's schema can hold; computed from the two schemas alone. */
export class SchemaFit {
  private readonly fitted = new Map<string, readonly FieldFit[]>();
  private readonly people: { known: Set<string>; optional: Set<string> };
  private readonly artifactTypes: ReadonlyMap<string, string>;

  constructor(
    private readonly source: DumpSchema,
    private readonly target: DumpSchema,
    private readonly ignored: ReadonlySet<string>,
  ) {
    const { users, groups, apiKeys } = target;
    const optional = [
      ...users.filter(({ status }) => status !== 'A').map(({ email }) => email),
      ...apiKeys.map(({ name }) => name),
    ];
    const known = [...users.map(({ email }) => email), ...groups.map(({ name }) => name), ...optional];
    this.people = { known: new Set(known), optional: new Set(optional) };
    this.artifactTypes = new Map(
      source.artifactTypes.flatMap(({ label, custom, programmaticName }) => {
        const same = target.artifactTypes.find((each) =>
          custom ? each.programmaticName === programmaticName : each.label === label,
        );
        return same ? [[label, same.label]] : [];
      }),
    );
  }

  hasTable(name: string): boolean {
    return this.target.types[name]?.table === true;
  }

  /** The target's name for an artifact type of the source. */
  artifactType(label: string): string | undefined {
    return this.artifactTypes.get(label);
  }

  /** The fields to compare; the others are inherent differences. */
  fields(type: string): readonly FieldFit[] {
    let fields = this.fitted.get(type);
    if (!fields) {
      fields = Object.entries(this.source.types[type]?.fields ?? {}).flatMap(([name, field]) =>
        this.fit(type, name, field),
      );
      this.fitted.set(type, fields);
    }
    return fields;
  }

  private fit(type: string, name: string, source: DumpField): FieldFit[] {
    const target = this.target.types[type]?.fields[name];
    const { prefix } = source;
    const path = prefix === null ? name : `${prefix}.${name}`;
    const key = `${type}.${path}`;
    if (!target || target.prefix !== prefix || target.inputType !== source.inputType) return [];
    if (source.readOnly || target.readOnly || deprecatedFields.has(key) || this.ignored.has(key)) return [];
    if (prefix === 'properties' && referenceFields.has(name)) return [];
    const choices = peopleTypes.has(source.inputType)
      ? this.people
      : {
          // plan_status and a task's status are codes, which every format leaves as they are.
          known: new Set(target.options.map(({ id, label }) => (typeof id === 'string' ? id : label))),
          optional: new Set(target.options.filter(({ enabled }) => !enabled).map(({ label }) => label)),
        };
    const neverEmpty = target.required !== undefined || serverFilled.has(key);
    return [{ name, prefix, path, inputType: source.inputType, neverEmpty, ...choices }];
  }
}

/**
 * Whether the target's value is what the source's value can become there. `met` is called with each difference that
 * explains it.
 */
export function fits(
  field: FieldFit,
  source: unknown,
  target: unknown,
  met: (why: InherentDifference) => void,
): boolean {
  if (Object.is(source, target)) return true;
  switch (field.inputType) {
    case 'select':
    case 'select_owner':
    case 'select_user':
      return fitsChoice(field, source, target, met);
    case 'multiselect':
    case 'multiselect_members':
      return fitsChoices(field, asList(source), asList(target), met);
    case 'textarea':
      if (typeof source === 'string' && typeof target === 'string' && normaliseText(source) === normaliseText(target)) {
        met('html-spelling');
        return true;
      }
      return isEmpty(source) && isEmpty(target);
    default:
      return isEmpty(source) && isEmpty(target);
  }
}

function fitsChoice(
  field: FieldFit,
  source: unknown,
  target: unknown,
  met: (why: InherentDifference) => void,
): boolean {
  if (isEmpty(source)) return isEmpty(target);
  const label = String(source);
  const known = field.known.has(label);
  if (known && !field.optional.has(label)) return false;
  if (!isEmpty(target) && !field.neverEmpty) return false;
  met(peopleTypes.has(field.inputType) ? 'missing-person' : known ? 'retired-option' : 'missing-option');
  return true;
}

function fitsChoices(
  field: FieldFit,
  source: readonly string[],
  target: readonly string[],
  met: (why: InherentDifference) => void,
): boolean {
  const expected = source.filter((label) => field.known.has(label));
  const complete = expected.every((label) => field.optional.has(label) || target.includes(label));
  const nothingElse = target.every((label) => expected.includes(label));
  if (!complete || (!nothingElse && !(expected.length === 0 && field.neverEmpty))) return false;
  if (target.length < source.length) met(peopleTypes.has(field.inputType) ? 'missing-person' : 'missing-option');
  return true;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The labels of ids that the source itself no longer knows are null: nothing to compare. */
function asList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => each !== null).map(String) : [];
}

const peopleTypes: ReadonlySet<string> = new Set(['select_owner', 'select_user', 'multiselect_members']);
