import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { ROOT } from '../model/Frame.js';
import type { Choice, Remedy } from '../model/Parked.js';
import { countText } from '../parts/numberText.js';
import { tokenFields } from '../parts/tokenFields.js';

/** The one form of a view: its buttons ask for changes, and its one field proves who asks. */
export function changeForm(back: string, content: Piece): Piece {
  return markup`<form method="post" action="${ROOT}/change" id="change">
    <input type="hidden" name="back" value=${back} />
    ${tokenPanel()} ${content}
  </form>`;
}

/** The first button is what Enter in the field presses: it changes nothing. */
function tokenPanel(): Piece {
  const button = markup`<button type="submit" name="do" value="check" class="primary">Unlock</button>`;
  const hint = markup`Every change needs it. <code>soar-feed page</code> prints it on the machine of the host.`;
  return markup`<div class="panel token" id="token-panel">${tokenFields(button, hint)}</div>`;
}

/** Retry and drop for some rows; what cannot be undone opens first, and says what it does. */
export function remedies({ choice, retry, drops }: Remedy, about: string): Piece {
  const plain =
    retry === 'plain' &&
    markup`<button type="submit" name="do" value=${valueOf('retry', choice)}>
      Retry<span class="unseen"> ${about}</span>
    </button>`;
  const decision =
    retry === 'decision' &&
    markup`<details class="ask">
      <summary>Retry…<span class="unseen"> ${about}</span></summary>
      <div class="ask-box">
        <p>
          A retry creates these objects, even if the target already has them. If it does, name the one it has: <code>soar-feed parked adopt</code>.
        </p>
        <button type="submit" name="do" value=${valueOf('retry', choice)} class="danger">Create them</button>
      </div>
    </details>`;
  const drop =
    drops > 0 &&
    markup`<details class="ask">
      <summary>Drop…<span class="unseen"> ${about}</span></summary>
      <div class="ask-box">
        <p>
          ${countText(drops, 'row')} will be given up for good, with what waits for them. A later change of an object
          comes as usual.
        </p>
        <button type="submit" name="do" value=${valueOf('drop', choice)} class="danger">
          Drop ${countText(drops, 'row')}
        </button>
      </div>
    </details>`;
  if (!plain && !decision && !drop) return markup`<p class="hint">Comes back by itself.</p>`;
  return markup`<div class="remedies">${plain}${decision}${drop}</div>`;
}

/** What a button asks for; the host reads it back, and checks it as it checks a command. */
function valueOf(change: 'retry' | 'drop', choice: Choice): string {
  return JSON.stringify({ change, ...choice });
}
