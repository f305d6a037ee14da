import type { SoarObject } from '../contract/FeedEvent.js';
import type { ListName } from './entries.js';

export type PieceKind = 'destination' | 'rule' | 'field' | 'function' | 'playbook';

/** One thing that an organization should have, as an import would make it. */
export interface Piece {
  readonly kind: PieceKind;
  readonly name: string;
  readonly list: ListName;
  /** Has a `uuid` of our own and an `export_key`. */
  readonly entry: SoarObject;
  /** Keys of the entry that decide whether a person has changed ours. */
  readonly decisive: readonly string[];
}
