import type { ConfigurationDto } from '@soar-feed/soar-client';
import { isShownField, shownNames } from '../../contract/shownFields.js';
import { entriesOf } from '../entries.js';
import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';
import { fieldPiece } from './fieldPiece.js';

/** The incident fields of the source in which these feeds show themselves. */
export function shownPieces(feeds: readonly string[]): readonly Piece[] {
  return feeds.flatMap((feed) => {
    const { link, state, synced } = shownNames(feed);
    const wishes = [
      { name: link, label: `${feed}: link`, inputType: 'text', tooltip: 'Where the incident is at the destination' },
      { name: state, label: `${feed}: state`, inputType: 'text', tooltip: 'Whether the destination has everything' },
      { name: synced, label: `${feed}: last sync`, inputType: 'datetimepicker', tooltip: 'When a change last arrived' },
    ] as const;
    return wishes.map((wish) => fieldPiece({ ...wish, type: 'incident' }));
  });
}

/** Those that stand in the organization and were made by us, whatever the feeds are called now. */
export function standingShownPieces(configuration: ConfigurationDto): readonly Piece[] {
  return entriesOf(configuration, 'fields').flatMap(({ name, text, input_type: inputType, uuid }): readonly Piece[] => {
    if (typeof name !== 'string' || !isShownField(name) || uuid !== ownUuid(`field/incident/${name}`)) return [];
    const kind = inputType === 'datetimepicker' ? inputType : 'text';
    return [fieldPiece({ type: 'incident', name, label: String(text), inputType: kind })];
  });
}
