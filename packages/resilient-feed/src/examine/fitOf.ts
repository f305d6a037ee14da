import type { FieldSchema, Gravity } from '@soar-feed/core';

/** What becomes of a value that goes from one field into another. */
export interface Fit {
  readonly gravity: Gravity;
  readonly consequence: string;
}

type Family =
  'text' | 'area' | 'rich' | 'number' | 'flag' | 'day' | 'moment' | 'one' | 'many' | 'person' | 'people' | 'other';

function familyOf({ inputType, richText }: FieldSchema): Family {
  switch (inputType) {
    case 'text':
      return 'text';
    case 'textarea':
      return richText ? 'rich' : 'area';
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'datepicker':
      return 'day';
    case 'datetimepicker':
      return 'moment';
    case 'select':
      return 'one';
    case 'multiselect':
      return 'many';
    case 'select_owner':
    case 'select_user':
      return 'person';
    case 'multiselect_members':
      return 'people';
    default:
      return 'other';
  }
}

const loses = (consequence: string): Fit => ({ gravity: 'loses', consequence });
const changes = (consequence: string): Fit => ({ gravity: 'changes', consequence });

/** `undefined`: every value arrives as it is, as far as the two types tell. */
export function fitOf(source: FieldSchema, target: FieldSchema): Fit | undefined {
  const [from, to] = [familyOf(source), familyOf(target)];
  if (from === to) return undefined;
  if (from === 'other' || to === 'other') return loses('its values are left out');
  if (to === 'rich') return from === 'area' || from === 'text' ? undefined : changes(AS_TEXT[from]);
  if (to === 'area' || to === 'text') {
    if (from === 'rich') return changes('formatting is removed');
    if (to === 'area' && from === 'text') return undefined;
    return changes(AS_TEXT[from]);
  }
  if (to === 'number') return toNumber(from);
  if (to === 'flag')
    return loses(
      from === 'text' || from === 'area' ? 'values other than true and false are left out' : 'its values are left out',
    );
  if (to === 'day' || to === 'moment') return toDate(from, to);
  return toChoice(from, to);
}

const AS_TEXT: Readonly<Record<Family, string>> = {
  text: 'its values arrive as text',
  area: 'line breaks may be removed',
  rich: 'formatting is removed',
  number: 'its values arrive as text',
  flag: 'its values arrive as the words true and false',
  day: 'its values arrive as text, in ISO form',
  moment: 'its values arrive as text, in ISO form',
  one: 'the label arrives as text',
  many: 'the labels arrive as one text',
  person: 'the name arrives as text',
  people: 'the names arrive as one text',
  other: 'its values arrive as text',
};

function toNumber(from: Family): Fit {
  if (from === 'text' || from === 'area' || from === 'rich') return loses('values that are no numbers are left out');
  if (from === 'day' || from === 'moment') return changes('its values arrive as milliseconds since 1970');
  return from === 'one' || from === 'person'
    ? changes("the option's number arrives")
    : loses('its values are left out');
}

function toDate(from: Family, to: 'day' | 'moment'): Fit {
  if (from === 'moment') return changes('the time of the day is removed');
  if (from === 'day') return changes('its values arrive as midnight, UTC');
  if (from === 'text' || from === 'area') return loses('values that are no dates are left out');
  return from === 'number'
    ? changes(`its values are taken for milliseconds since 1970${to === 'day' ? ', without the time' : ''}`)
    : loses('its values are left out');
}

function toChoice(from: Family, to: Family): Fit | undefined {
  const isOne = to === 'one' || to === 'person';
  const isPeople = to === 'person' || to === 'people';
  switch (from) {
    case 'text':
    case 'number':
      return loses(
        isPeople ? 'values that name nobody are left out' : 'values that are no label of an option are left out',
      );
    case 'one':
    case 'many':
    case 'person':
    case 'people': {
      if (isPeople !== (from === 'person' || from === 'people'))
        return loses(isPeople ? 'labels that name nobody are left out' : 'names that are no option are left out');
      return isOne && (from === 'many' || from === 'people')
        ? loses('all values but the first are left out')
        : undefined;
    }
    case 'area':
    case 'rich':
    case 'flag':
    case 'day':
    case 'moment':
    case 'other':
      return loses('its values are left out');
  }
}
