import type { Owner } from './owner.js';
import type { PieceKind } from './Piece.js';

/** What becomes of one thing. */
export interface PlanItem {
  readonly kind: PieceKind | 'reader' | 'type' | 'phase' | 'incident type' | 'artifact type';
  readonly name: string;
  /**
   * `create` and `update`: will be done; `present`: nothing to do; `differs`: is there, does not work as the feed needs
   * it, and is left alone; `remove` and `keep`: what an undo does.
   */
  readonly state: 'create' | 'update' | 'present' | 'differs' | 'remove' | 'keep';
  readonly owner?: Owner;
  readonly detail?: string;
}
