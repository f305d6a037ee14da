import type { StatusReport } from '@soar-feed/core/runtime';
import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { ageText } from '../parts/durationText.js';
import { countText, numberText } from '../parts/numberText.js';

/** How far the running reload is; nothing if none runs. */
export function reloadPanel(reload: NonNullable<StatusReport['reload']>, nowMs: number): Piece {
  if (!reload.running) return undefined;
  const { incidents, ofIncidents, leftMs, objects, faults, kind, startedAtMs, problem } = reload;
  // Incidents that came meanwhile were not counted.
  const all = ofIncidents === undefined ? undefined : Math.max(ofIncidents, incidents, 1);
  const total = all === undefined ? '' : ` of ${numberText(all)}`;
  const left = leftMs === undefined ? '' : `, about ${ageText(leftMs)} left`;
  const since = startedAtMs === undefined ? '' : `, for ${ageText(nowMs - startedAtMs)}`;
  return markup`<section class="panel reload" aria-labelledby="reload-h">
    <h2 id="reload-h">Reload ${kind === 'changed' ? 'of what changed' : 'of everything'}${since}</h2>
    <progress aria-labelledby="reload-h" max=${all} value=${all === undefined ? undefined : incidents}></progress>
    <p>
      ${numberText(incidents)}${total} incidents, ${countText(objects, 'object')} so far${left}${faults > 0 && `; ${numberText(faults)} could not be read`}.
    </p>
    ${problem !== undefined && markup`<p class="problem">It waits: ${problem}</p>`}
  </section>`;
}
