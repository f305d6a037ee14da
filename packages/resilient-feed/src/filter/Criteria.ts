/** A comparison; the other spellings (`=`, `=<`, `=>`) are read as one of these. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '~' | 'is' | 'is not' | 'in' | 'not in';

/** A value as written: its text decides against the field's own type, so quotes only keep `None` and blanks literal. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

export interface Clause {
  /** `pii`, `properties`, …; absent: the top level, then the custom fields. */
  readonly section?: string;
  readonly field: string;
  readonly operator: Operator;
  /** One, or the members of the list of `in` and `not in`. */
  readonly values: readonly Literal[];
  /** As the file has it. */
  readonly text: string;
}

/** `matching_incident_fields` and `matching_operator`, read. No clause at all matches every incident. */
export interface Criteria {
  readonly combine: 'all' | 'any';
  readonly clauses: readonly Clause[];
  /** What a person may want to know about how the text was read; for the log. */
  readonly notes: readonly string[];
}

/** The unset value: `None` or `null`, not in quotes. */
export function isNull(literal: Literal): boolean {
  return !literal.quoted && (literal.text === 'None' || literal.text === 'null');
}
