import type { FieldSchema, Finding, TypeSchema } from '@soar-feed/core';
import { lossName } from '../translate/carryFields.js';
import { isNeverWritten } from '../translate/neverWritten.js';
import { compareOptions } from './compareOptions.js';
import { fitOf } from './fitOf.js';
import type { Findings, Pair } from './Pair.js';
import { requiredFinding } from './requiredFinding.js';

const TYPES = ['incident', 'task', 'note', 'milestone', 'artifact'];

/** Fields whose options have a comparison of their own. */
const SEPARATE = new Set(['incident.incident_type_ids', 'incident.workspace', 'task.phase_id', 'artifact.type']);

/** The fields of the built-in types. */
export function* compareFields(pair: Pair): Findings {
  for (const type of pair.source.filter(({ name }) => TYPES.includes(name))) {
    const there = pair.target.type(type.name);
    if (there === undefined) continue;
    for (const field of [...type.fields.values()].filter((each) => isCarried(pair, type, each)))
      yield* compareField(pair, type, field, there);
    for (const field of there.fields.values())
      if (field.required !== undefined && isCarried(pair, there, field)) yield* requirement(type, there, field);
  }
}

function* compareField(pair: Pair, type: TypeSchema, field: FieldSchema, there: TypeSchema): Findings {
  const subject = `${type.name}.${lossName(field.name, field.prefix)}`;
  const target = counterpartOf(there, field);
  if (target === undefined) return yield missing(pair, type, field, subject);
  if (target.readOnly) {
    yield {
      ...{ gravity: 'loses', area: 'field', subject },
      problem: 'can be written at the source, and only read at the target',
      consequence: 'its values are left out',
      fix: 'Make it writable at the target, or exclude it with exclude_incident_fields.',
    };
    return;
  }
  const fit = fitOf(field, target);
  if (fit !== undefined) {
    yield {
      ...{ ...fit, area: 'field type', subject },
      problem: `is of type ${shown(field)} at the source, and ${shown(target)} at the target`,
      fix: `Replace the target's field by one of type ${shown(field)} with the same API name.`,
    };
  }
  const isSeparate = SEPARATE.has(`${type.name}.${field.name}`);
  const raw = pair.raw[type.name];
  if (!isSeparate && raw !== undefined) yield* compareOptions(pair, { type: raw, field, target, subject });
}

function missing(pair: Pair, { name: type }: TypeSchema, field: FieldSchema, subject: string): Finding {
  const isCustom = type === 'incident' && field.prefix === 'properties' && !field.internal;
  if (isCustom) pair.lacks.field(field);
  return {
    ...{ gravity: 'loses', area: 'field', subject },
    problem: 'is not at the target',
    consequence: 'its values are left out',
    fix: isCustom
      ? `Make it there: a field of type ${shown(field)}, API name ${field.name}.`
      : 'It is built in: only a target of the same version and modules has it.',
  };
}

function* requirement(type: TypeSchema, there: TypeSchema, field: FieldSchema): Findings {
  const source = counterpartOf(type, field);
  // Where both require it, the source never leaves it unset.
  if (source !== undefined && (source.required === field.required || source.required === 'always')) return;
  if (field.name === 'workspace') return;
  yield requiredFinding(there.name, field, source !== undefined);
}

function isCarried({ exclude }: Pair, type: TypeSchema, { name, prefix, readOnly }: FieldSchema): boolean {
  return !readOnly && !isNeverWritten(name) && !(type.name === 'incident' && exclude.has(name, prefix));
}

/** A name may exist in a section and at the top level: the section must agree. */
function counterpartOf(type: TypeSchema, { name, prefix }: FieldSchema): FieldSchema | undefined {
  const field = type.fields.get(name);
  return field?.prefix === prefix ? field : undefined;
}

export function shown({ inputType, richText }: FieldSchema): string {
  return richText ? `${inputType} (rich text)` : inputType;
}
