import type { FieldSchema, Finding } from '@soar-feed/core';
import { lossName } from '../translate/carryFields.js';

/** What stands in for a value that the target requires and the source leaves unset. */
const STAND_INS: Readonly<Record<string, string>> = {
  select: 'its default option',
  multiselect: 'its default option',
  text: '"(not set at the source)"',
  textarea: '"(not set at the source)"',
  number: '0',
  boolean: 'false',
  datepicker: 'the date of the object',
  datetimepicker: 'the date of the object',
};

/** A field that the target requires, and the source does not. */
export function requiredFinding(type: string, field: FieldSchema, isAtSource: boolean): Finding {
  const standIn = STAND_INS[field.inputType];
  const when = field.required === 'close' ? ' to close' : '';
  return {
    gravity: standIn === undefined ? 'blocks' : 'changes',
    area: field.required === 'close' ? 'required on close' : 'required',
    subject: `${type}.${lossName(field.name, field.prefix)}`,
    problem: `is required${when} at the target, and ${isAtSource ? 'optional' : 'not there'} at the source`,
    consequence:
      standIn === undefined
        ? `where it is unset, the target refuses the ${type}${when === '' ? '' : "'s closing"}`
        : `where it is unset, ${standIn} is filled in`,
    fix: 'Make it optional at the target, or require it at the source, too.',
  };
}
