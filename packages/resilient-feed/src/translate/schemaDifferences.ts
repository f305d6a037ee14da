import { isDataTable } from '@soar-feed/core';
import type { FieldSchema, TypeSchema } from '@soar-feed/core';
import type { ExcludedFields } from '../fields/ExcludedFields.js';
import { lossName } from './carryFields.js';
import { isNeverWritten } from './neverWritten.js';
import type { TargetCatalog } from './TargetCatalog.js';

const BUILT_IN = ['incident', 'task', 'note', 'milestone', 'artifact'];

/**
 * Lists what the target organization lacks of the source's schema, and what it requires beyond it: reported when the
 * feed opens, before anything is lost. One line each. People are not included, as most of them own nothing.
 */
export function schemaDifferences(
  source: readonly TypeSchema[],
  target: TargetCatalog,
  exclude: ExcludedFields,
): readonly string[] {
  const isExcluded = (type: TypeSchema, name: string, prefix: string | undefined): boolean =>
    type.name === 'incident' && exclude.has(name, prefix);
  const isCarried = (type: TypeSchema, { name, prefix, readOnly }: FieldSchema): boolean =>
    !readOnly && !isNeverWritten(name) && !isArtifactType(type, name) && !isExcluded(type, name, prefix);
  const tables = source.filter(isDataTable);
  const lines: string[] = [];
  const add = (what: string, names: readonly string[]): void => {
    if (names.length > 0) lines.push(`${what}: ${names.join(', ')}`);
  };
  for (const type of source.filter(({ name }) => BUILT_IN.includes(name))) {
    const there = target.type(type.name);
    const fields = [...type.fields.values()].filter((field) => isCarried(type, field));
    add(`no field of ${type.name}`, fields.filter((field) => !hasField(there, field)).map(nameOf));
    for (const field of fields) {
      if (hasField(there, field)) add(`no option of ${nameOf(field)}`, missingOptions(type, field, target));
    }
    const required = [...(there?.fields.values() ?? [])].filter(
      (field) => field.required !== undefined && isCarried(type, field) && !hasField(type, field),
    );
    add(`required of ${type.name} and unknown at the source`, required.map(nameOf));
  }
  add('no data table', tables.filter(({ name }) => target.type(name) === undefined).map(nameOf));
  for (const table of tables) {
    const there = target.type(table.name);
    if (there === undefined) continue;
    const columns = [...table.fields.values()];
    add(`no column of ${table.name}`, columns.filter(({ name }) => !there.fields.has(name)).map(nameOf));
    for (const column of columns)
      add(`no option of ${table.name}.${column.name}`, missingOptions(table, column, target));
  }
  const labels = (type: string, field: string): readonly string[] =>
    labelsOf(source.find(({ name }) => name === type)?.fields.get(field));
  add(
    'no artifact type',
    labels('artifact', 'type').filter((label) => target.artifactType(label) === undefined),
  );
  add(
    'no workspace',
    labels('incident', 'workspace').filter((label) => target.workspaceId(label) === undefined),
  );
  return lines;
}

/** Artifact types have a comparison of their own. */
function isArtifactType(type: TypeSchema, field: string): boolean {
  return type.name === 'artifact' && field === 'type';
}

function missingOptions(type: TypeSchema, field: FieldSchema, target: TargetCatalog): readonly string[] {
  if (field.inputType !== 'select' && field.inputType !== 'multiselect') return [];
  const there = target.type(type.name)?.fields.get(field.name);
  // A field of another type takes the label as it is.
  if (there === undefined || !/^(?:multi)?select$/.test(there.inputType)) return [];
  return labelsOf(field).filter((label) => target.optionId(type.name, field.name, label) === undefined);
}

function labelsOf(field: FieldSchema | undefined): readonly string[] {
  return [...(field?.options.values() ?? [])].filter(({ enabled }) => enabled).map(({ label }) => label);
}

function hasField(type: TypeSchema | undefined, { name, prefix }: FieldSchema): boolean {
  const field = type?.fields.get(name);
  return field !== undefined && field.prefix === prefix;
}

function nameOf({ name, prefix }: { readonly name: string; readonly prefix?: string }): string {
  return lossName(name, prefix);
}
