import type { FieldSchema } from '@soar-feed/core';
import { chosenOptions } from '../fields/chosenOptions.js';
import type { ChosenOption } from '../fields/chosenOptions.js';
import type { FieldLosses } from './FieldLosses.js';
import { isEmpty } from '../fields/isEmpty.js';
import { isoOf } from './isoOf.js';
import { readNumber } from '../fields/readNumber.js';
import { htmlToText, readTextArea, toRichText } from '../fields/richText.js';
import type { TargetCatalog } from './TargetCatalog.js';
import { wellFormed } from '../fields/wellFormed.js';

/** The field that a value is converted for. */
export interface Destination {
  readonly catalog: TargetCatalog;
  readonly type: string;
  readonly field: FieldSchema;
  /** Name of the field in losses. */
  readonly label: string;
  readonly losses: FieldLosses;
}

/**
 * Converts a value of the source for the target's field: options by label and people by e-mail instead of id, text rich
 * or plain as the target keeps it, and across types if the two schemas differ. A value that has no place becomes `null`
 * (or is omitted from a list) and counts as a loss. `undefined`: no client may set the field.
 */
export function convertValue(value: unknown, source: FieldSchema | undefined, to: Destination): unknown {
  switch (to.field.inputType) {
    case 'select':
    case 'select_owner':
      return toSelect(value, source, to);
    case 'multiselect':
    case 'multiselect_members':
      return toMultiselect(value, source, to);
    case 'text':
      return keepOrLose(value, toText(value, source), to);
    case 'textarea':
      return keepOrLose(value, toTextArea(value, source, to.field), to);
    case 'number':
      return keepOrLose(value, toNumber(value), to);
    case 'boolean':
      return keepOrLose(value, toBoolean(value), to);
    case 'datepicker':
    case 'datetimepicker':
      return keepOrLose(value, toDate(value), to);
    default:
      if (!isEmpty(value)) to.losses.add('field', to.label);
      return undefined;
  }
}

/** A value that became empty is a loss. */
function keepOrLose(value: unknown, converted: unknown, to: Destination): unknown {
  if (converted === undefined && !isEmpty(value)) to.losses.add('field', to.label);
  return converted ?? null;
}

function toSelect(value: unknown, source: FieldSchema | undefined, to: Destination): unknown {
  const [first, ...others] = choicesOf(value, source, to);
  for (const other of others) loseChoice(other, to);
  return first === undefined ? null : (targetId(first, to) ?? null);
}

/** A task's `members` distinguish null (not private) from an empty list. Elsewhere an unset list is empty. */
function toMultiselect(value: unknown, source: FieldSchema | undefined, to: Destination): unknown {
  if (value === null && to.field.inputType === 'multiselect_members') return null;
  const ids = choicesOf(value, source, to).map((choice) => targetId(choice, to));
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** The options chosen in the source. A text is taken as a label if the target has a select. */
function choicesOf(value: unknown, source: FieldSchema | undefined, to: Destination): ChosenOption[] {
  const inputType = source?.inputType ?? to.field.inputType;
  if (isChoice(inputType)) return chosenOptions(value, source);
  const text = inputType === 'text' || inputType === 'number' ? toText(value, source) : undefined;
  if (text === undefined && !isEmpty(value)) to.losses.add('field', to.label);
  return text === undefined || text === '' ? [] : [{ label: text }];
}

function targetId(choice: ChosenOption, to: Destination): number | string | undefined {
  const id = lookUp(choice, to);
  if (id === undefined) loseChoice(choice, to);
  return id;
}

function lookUp({ id, label }: ChosenOption, to: Destination): number | string | undefined {
  // The ids of `plan_status` and of a task's status are the same texts everywhere.
  if (typeof id === 'string' && to.field.options.get(id)?.value === id) return id;
  if (label === undefined) return undefined;
  if (isPerson(to.field.inputType)) return to.catalog.personId(label);
  return to.catalog.optionId(to.type, to.field.name, label, id);
}

function loseChoice({ id, label }: ChosenOption, to: Destination): void {
  to.losses.add(isPerson(to.field.inputType) ? 'person' : 'option', to.label, label ?? `#${id ?? '?'}`);
}

function toText(value: unknown, source: FieldSchema | undefined): string | undefined {
  if (source !== undefined && isChoice(source.inputType)) return labelsText(value, source);
  if (source !== undefined && isDate(source.inputType) && typeof value === 'number') return isoOf(value);
  if (source?.inputType === 'textarea') return plainText(value, source);
  if (typeof value === 'string') return wellFormed(value);
  return ['number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function labelsText(value: unknown, source: FieldSchema): string | undefined {
  const labels = chosenOptions(value, source).map(({ id, label }) => label ?? `#${id ?? '?'}`);
  return labels.length === 0 ? undefined : wellFormed(labels.join(', '));
}

function toTextArea(value: unknown, source: FieldSchema | undefined, target: FieldSchema): unknown {
  if (source !== undefined && source.inputType !== 'textarea') {
    const text = toText(value, source);
    return text === undefined || !target.richText ? text : toRichText({ text, html: false });
  }
  if (!target.richText) return plainText(value, source);
  const area = readTextArea(value, source);
  return area && toRichText(area);
}

/** Markup is kept only if the source does not know that it is markup. */
function plainText(value: unknown, source: FieldSchema | undefined): string | undefined {
  const area = readTextArea(value, source);
  if (area === undefined) return undefined;
  return wellFormed(area.html && source !== undefined ? htmlToText(area.text) : area.text);
}

/** Reads texts, too, with all their digits. */
function toNumber(value: unknown): number | bigint | undefined {
  if (typeof value === 'string')
    return readNumber(value.trim()) ?? (value.trim() === '' ? undefined : finite(Number(value)));
  return typeof value === 'bigint' || Number.isFinite(value) ? (value as number | bigint) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'boolean' ? value : undefined;
}

/** ms since the epoch. */
function toDate(value: unknown): number | bigint | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return typeof ms === 'bigint' || Number.isFinite(ms) ? (ms as number | bigint) : undefined;
}

function isChoice(inputType: string): boolean {
  return inputType.startsWith('select') || inputType.startsWith('multiselect');
}

function isPerson(inputType: string): boolean {
  return inputType === 'select_owner' || inputType === 'multiselect_members';
}

function isDate(inputType: string): boolean {
  return inputType === 'datepicker' || inputType === 'datetimepicker';
}
