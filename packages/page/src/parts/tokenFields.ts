import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

/** The field that proves who asks, the button beside it, and what the token is for; the script of the page adds the rest. */
export function tokenFields(button: Piece, hint: Piece): Piece {
  return markup`<div class="field">
      <label for="token">Token</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="token-h"
        required
      />
    </div>
    ${button}
    <p id="token-h" class="hint">${hint}</p>
    <p id="unlocked" class="hint" hidden>
      Unlocked in this tab. <button type="button" id="lock" class="quiet">Lock</button>
    </p>`;
}
