/** A comparison. The other spellings (`=`, `=<`, `=>`) are read as one of these. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '~' | 'is' | 'is not' | 'in' | 'not in';

/** A value as written. Its text is compared by the field's own type, so quotes only keep `None` and blanks literal. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

export interface Clause {
  /** `pii`, `properties`, …; absent: the top level, then the custom fields. */
  readonly section?: string;
  readonly field: string;
  readonly operator: Operator;
  /** One value, or the members of the list of `in` and `not in`. */
  readonly values: readonly Literal[];
  /** The clause as written in the config. */
  readonly text: string;
}

/** `matching_incident_fields` and `matching_operator`. Without a clause every incident matches. */
export interface Criteria {
  readonly combine: 'all' | 'any';
  readonly clauses: readonly Clause[];
  /** How the text was read, where a person may want to know; for the log. */
  readonly notes: readonly string[];
}

/** The unset value: `None` or `null`, not in quotes. */
export function isNull(literal: Literal): boolean {
  return !literal.quoted && (literal.text === 'None' || literal.text === 'null');
}
