import type { InputType } from '../SchemaOptions.js';
import type { OptionSet } from './OptionSet.js';

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly prefix: string | null;
  readonly typeId: number;
  readonly inputType: InputType;
  readonly required: 'always' | 'close' | undefined;
  /** true: built in. */
  readonly internal: boolean;
  readonly readOnly: boolean;
  readonly richText: boolean;
  readonly options: OptionSet;
  /** Values are principals: written by e-mail or name, shown as "First Last (e-mail)". */
  readonly people: boolean;
  readonly labelTrue?: string;
  readonly labelFalse?: string;
  readonly uuid?: string;
  readonly tooltip?: string;
}

/** One object type: its fields in order, by name and by id. */
export class TypeDef {
  readonly fields = new Map<string, Field>();
  readonly fieldsById = new Map<number, Field>();

  constructor(
    readonly id: number,
    readonly name: string,
    readonly label: string,
    readonly parents: readonly string[],
    readonly isTable = false,
  ) {}

  add(field: Field): void {
    this.fields.set(field.name, field);
    this.fieldsById.set(field.id, field);
  }

  remove(field: Field): void {
    this.fields.delete(field.name);
    this.fieldsById.delete(field.id);
  }

  /** Rises whenever an option of a field is added or changed. */
  get version(): number {
    let version = this.fields.size;
    for (const field of this.fields.values()) version += field.options.version;
    return version;
  }
}

export function isSelect(field: Field): boolean {
  return field.inputType.startsWith('select') || field.inputType.startsWith('multiselect');
}

export function isMulti(field: Field): boolean {
  return field.inputType.startsWith('multiselect');
}
