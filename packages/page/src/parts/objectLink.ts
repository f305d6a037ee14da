import type { ObjectKey } from '@soar-feed/core';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { address } from './address.js';

/** An object of the source, with the way to what became of it. */
export function objectLink({ type, objectId }: Pick<ObjectKey, 'type' | 'objectId'>): Piece {
  return markup`<a href=${address('incident', { type, id: objectId, side: 'source' })}>${type} ${objectId}</a>`;
}
