import type { Literal } from './Criteria.js';
import { readNumber } from '../fields/readNumber.js';
import { readDate } from './readDate.js';
import type { Item } from './Subject.js';

/** Whether the item equals the literal, by the item's own type. A literal of another type is not equal. */
export function equalsItem(item: Item, literal: Literal): boolean {
  switch (item.kind) {
    case 'text':
      return item.texts.includes(literal.text);
    case 'choice':
      return (
        item.texts.includes(literal.text) ||
        item.id === literal.text ||
        (item.email !== undefined && item.email.toLowerCase() === literal.text.toLowerCase())
      );
    case 'boolean':
      return literal.text === (item.value ? 'true' : 'false') || literal.text === (item.value ? 'True' : 'False');
    case 'number':
    case 'date':
      return orderOf(item, literal) === 0;
  }
}

/**
 * Whether the item is below (-1), equal to (0) or above (1) the literal; `undefined`: the two cannot be ordered. Texts
 * and labels that both read as numbers are ordered as numbers, others by their characters.
 */
export function orderOf(item: Item, literal: Literal): -1 | 0 | 1 | undefined {
  switch (item.kind) {
    case 'number':
      return orderNumbers(item.value, readNumber(literal.text));
    case 'date': {
      const span = readDate(literal.text);
      if (span === undefined) return undefined;
      return item.ms < span.fromMs ? -1 : item.ms > span.toMs ? 1 : 0;
    }
    case 'boolean':
      return undefined;
    case 'text':
    case 'choice':
      return orderTexts(item.texts[0], literal.text);
  }
}

/** Case-sensitive. Only texts and labels can contain a text. */
export function containsText(item: Item, literal: Literal): boolean {
  return (item.kind === 'text' || item.kind === 'choice') && item.texts.some((text) => text.includes(literal.text));
}

function orderTexts(text: string | undefined, literal: string): -1 | 0 | 1 | undefined {
  if (text === undefined) return undefined;
  const asNumbers = orderNumbers(readNumber(text), readNumber(literal));
  if (asNumbers !== undefined) return asNumbers;
  return text < literal ? -1 : text > literal ? 1 : 0;
}

/** JavaScript compares numbers and bigints by their exact values. */
function orderNumbers(a: number | bigint | undefined, b: number | bigint | undefined): -1 | 0 | 1 | undefined {
  if (a === undefined || b === undefined) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}
