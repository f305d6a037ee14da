/** One field as the target organization accepts it. */
export interface TranslatedField {
  readonly name: string;
  /**
   * Section of the body that the field is in: `properties`, `pii`, `ip`, …; absent at the top level and for table
   * columns.
   */
  readonly prefix?: string;
  /** IBM's `input_type` of the field in the target. */
  readonly inputType: string;
  /**
   * Options and people are ids of the target, rich text is `{format, content}`, dates are ms. `null` (or `[]` for a
   * multiselect) clears the field.
   */
  readonly value: unknown;
  /**
   * Part of closing the incident (`plan_status` C, and what the target requires on close): it may be held back until
   * the end.
   */
  readonly closing?: true;
  /** Set only when the object is created: workspace, type and value of an artifact, name of a file. Not in digests. */
  readonly createOnly?: true;
  /**
   * The platform keeps the field but its schema does not list it (HIPAA, assessment): it is sent in whole bodies, never
   * by PATCH.
   */
  readonly unlisted?: true;
}

/** Rich text as the platform accepts it. */
export interface RichText {
  readonly format: 'html' | 'text';
  readonly content: string;
}

/** Something that could not be carried over. */
export interface Loss {
  readonly kind: 'field' | 'option' | 'person' | 'table' | 'column' | 'artifact-type' | 'workspace' | 'required';
  /** Name of a field, column, table or type; a field in a section is `section.field`. */
  readonly name: string;
  /** The option, person, type or workspace that the target lacks. For `required`, the value that was put in. */
  readonly label?: string;
}

/**
 * An object in the target's terms. Its parents (`parent_id`, task, incident) are not included: the writer adds their
 * mapped ids.
 */
export interface Translation {
  readonly fields: readonly TranslatedField[];
  readonly losses: readonly Loss[];
  /** The target has no place for the object (an unknown table or artifact type): it is skipped with this reason. */
  readonly unsupported?: string;
}

/** Name of a field with its section: `properties.ticket_ref`, `name`. The key of its digest. */
export function fieldKey(field: Pick<TranslatedField, 'name' | 'prefix'>): string {
  return field.prefix === undefined ? field.name : `${field.prefix}.${field.name}`;
}
