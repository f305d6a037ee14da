import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

/** Where there is nothing to show: what that means, and what to do. */
export function empty(title: string, ...more: readonly Piece[]): Piece {
  return markup`<div class="empty">
    <p class="empty-title">${title}</p>
    ${more.map((line) => markup`<p>${line}</p>`)}
  </div>`;
}
