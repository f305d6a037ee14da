import type { Piece } from '../Piece.js';
import { fieldPiece } from './fieldPiece.js';

/** The incident fields of a replica that say which incident it was made from: names and types of IBM's package. */
export function referenceFields(): readonly Piece[] {
  const wishes = [
    { name: 'df_org_id', label: 'Source organization id', inputType: 'number' },
    { name: 'df_inc_id', label: 'Source incident id', inputType: 'number' },
    { name: 'df_host', label: 'Source host', inputType: 'text' },
    { name: 'df_create_date', label: 'Source create date', inputType: 'datetimepicker' },
  ] as const;
  return wishes.map((wish) => fieldPiece({ ...wish, type: 'incident' }));
}
