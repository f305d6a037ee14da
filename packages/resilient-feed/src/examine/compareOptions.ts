import type { FieldSchema } from '@soar-feed/core';
import type { TypeDto } from '@soar-feed/soar-client';
import type { Findings, Pair } from './Pair.js';

export interface OptionField {
  /** The target's type, as it shows it. */
  readonly type: TypeDto;
  readonly field: FieldSchema;
  readonly target: FieldSchema;
  readonly subject: string;
}

/** The options of a select: what can be chosen at the source and not at the target. */
export function* compareOptions(pair: Pair, { type, field, target, subject }: OptionField): Findings {
  if (!isSelect(field) || !isSelect(target)) return;
  const lacking = labelsOf(field).filter(
    (label) => pair.target.optionId(type.type_name, field.name, label) === undefined,
  );
  if (lacking.length === 0) return;
  pair.lacks.options(type, field.name, lacking);
  const retired = lacking.filter((label) => [...target.options.values()].some((option) => option.label === label));
  const absent = lacking.filter((label) => !retired.includes(label));
  if (absent.length > 0) {
    yield {
      ...{ gravity: 'loses', area: 'option', subject, names: absent },
      problem: 'lacks options at the target',
      consequence: 'an object with one of them arrives without it',
      fix: 'Add them to the field.',
    };
  }
  if (retired.length > 0) {
    yield {
      ...{ gravity: 'loses', area: 'option', subject, names: retired },
      problem: 'has options that are disabled at the target',
      consequence: 'an object with one of them arrives without it',
      fix: 'Enable them.',
    };
  }
}

function isSelect({ inputType }: FieldSchema): boolean {
  return inputType === 'select' || inputType === 'multiselect';
}

/** The labels that can be chosen, each once. */
export function labelsOf(field: FieldSchema | undefined): readonly string[] {
  const enabled = [...(field?.options.values() ?? [])].filter((option) => option.enabled);
  return [...new Set(enabled.map(({ label }) => label))];
}
