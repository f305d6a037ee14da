import { containsText, equalsItem, orderOf } from './compareItem.js';
import { isNull } from './Criteria.js';
import type { Clause, Literal, Operator } from './Criteria.js';
import type { Item, Subject } from './Subject.js';

/**
 * Tests one clause. An unset field (null, empty, or not in the incident at all) equals only `None`: it fails every
 * comparison but `is None` and the negations. Nothing is above, below or inside `None`. A multiselect passes if one of
 * its items does, also for negations.
 */
export function compareClause({ operator, values }: Clause, subject: Subject): boolean {
  const { items, multiple } = subject;
  const isUnset = items.length === 0;
  const [literal] = values;
  if (literal === undefined) return false;
  const isOneOf = (item: Item): boolean => values.some((value) => !meansUnset(value) && equalsItem(item, value));
  switch (operator) {
    case '==':
    case 'is':
    case 'in':
      return isUnset ? values.some(meansUnset) : items.some(isOneOf);
    case '!=':
    case 'is not':
    case 'not in':
      return isUnset ? !values.some(meansUnset) : items.some((item) => !isOneOf(item));
    case '~':
      return items.some((item) => (multiple ? isOneOf(item) : !meansUnset(literal) && containsText(item, literal)));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return items.some((item) => !meansUnset(literal) && isInOrder(operator, orderOf(item, literal)));
  }
}

/** `None` or the empty text: the platform shows an unset text as either. */
function meansUnset(literal: Literal): boolean {
  return isNull(literal) || literal.text === '';
}

function isInOrder(operator: Extract<Operator, '<' | '<=' | '>' | '>='>, order: -1 | 0 | 1 | undefined): boolean {
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
