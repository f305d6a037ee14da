import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

export interface FieldSpec {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly value?: string | undefined;
  /** Takes digits only. */
  readonly digits?: boolean;
  /** Known values; any other may be typed. */
  readonly known?: readonly string[];
}

/** A text field with its label above it. */
export function field({ id, name, label, value, digits, known }: FieldSpec): Piece {
  const list = known === undefined ? undefined : `${id}-known`;
  return markup`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      name=${name}
      value=${value}
      list=${list}
      inputmode=${digits ? 'numeric' : undefined}
      autocomplete="off"
      spellcheck="false"
    />
    ${known !== undefined && markup`<datalist id=${list}>${known.map((one) => markup`<option value=${one}></option>`)}</datalist>`}
  </div>`;
}

export interface ChoiceSpec {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  /** Value and text. */
  readonly options: readonly (readonly [string, string])[];
}

/** One of a few, with its label above it. */
export function choice({ id, name, label, value, options }: ChoiceSpec): Piece {
  return markup`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} name=${name}>
      ${options.map(([key, text]) => markup`<option value=${key} selected=${key === (value ?? '')}>${text}</option>`)}
    </select>
  </div>`;
}
