import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

export interface Column {
  readonly name: string;
  /** Numbers stand on the right, one below the other. */
  readonly number?: boolean;
  /** May break anywhere: messages and names of other people's making. */
  readonly long?: boolean;
}

export interface TableSpec {
  /** For people who do not see the page. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of each row is its heading. */
  readonly rows: readonly (readonly Piece[])[];
}

/**
 * A table; on a narrow screen each row becomes a card, and each cell says its column. The roles stand there because
 * browsers forget that a table is one once its cells are laid out otherwise.
 */
export function dataTable({ caption, columns, rows }: TableSpec): Piece {
  return markup`<table class="data" role="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(({ name, number }) => markup`<th role="columnheader" scope="col" class=${number ? 'number' : undefined}>${name}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (cells) =>
          markup`<tr role="row">
            ${cells.map((cell, at) => cellOf(cell, columns[at], at))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function cellOf(cell: Piece, { name, number, long }: Column = { name: '' }, at: number): Piece {
  const classes = [number && 'number', long && 'long'].filter(Boolean).join(' ') || undefined;
  return at === 0
    ? markup`<th role="rowheader" scope="row" class=${classes} data-label=${name}>${cell}</th>`
    : markup`<td role="cell" class=${classes} data-label=${name}>${cell}</td>`;
}
