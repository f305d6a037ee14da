/** One field as the target organization takes it. */
export interface TranslatedField {
  readonly name: string;
  /** Section of the body that holds it: `properties`, `pii`, `ip`, …; absent at the top level and for table columns. */
  readonly prefix?: string;
  /** IBM's `input_type` of the field in the target. */
  readonly inputType: string;
  /** Ids of the target; rich text as `{format, content}`; dates as ms; `null` (or `[]` for a multiselect) clears. */
  readonly value: unknown;
  /** Part of closing the incident (`plan_status` C and what the target requires on close): may be held back for the end. */
  readonly closing?: true;
  /** Set once, when the object is created: workspace, type and value of an artifact, the name of a file. Not in digests. */
  readonly createOnly?: true;
  /** The platform keeps it but its schema does not list it (HIPAA, assessment): goes in whole bodies, never by PATCH. */
  readonly unlisted?: true;
}

/** Rich text as the platform takes it. */
export interface RichText {
  readonly format: 'html' | 'text';
  readonly content: string;
}

/** What could not be carried over. */
export interface Loss {
  readonly kind: 'field' | 'option' | 'person' | 'table' | 'column' | 'artifact-type' | 'workspace' | 'required';
  /** Field, column, table or type; a field inside a section as `section.field`. */
  readonly name: string;
  /** The option, person, type or workspace that the target lacks; for `required` what was put in instead. */
  readonly label?: string;
}

/** An object in the target's terms. Parents (`parent_id`, task, incident) are not in it: the writer places mapped ids. */
export interface Translation {
  readonly fields: readonly TranslatedField[];
  readonly losses: readonly Loss[];
  /** The target has no place for the object (an unknown table or artifact type): skip it with this reason. */
  readonly unsupported?: string;
}

/** A field's name with its section: `properties.ticket_ref`, `name`. Keys of digests. */
export function fieldKey(field: Pick<TranslatedField, 'name' | 'prefix'>): string {
  return field.prefix === undefined ? field.name : `${field.prefix}.${field.name}`;
}
