import type { ReloadStatus } from '@soar-feed/core/runtime';
import { ageText } from './age.js';

/** `12 of 240 incidents, 310 objects so far, about 3 min left`. */
export function progressText({ incidents, objects, ofIncidents, leftMs }: ReloadStatus): string {
  // Incidents created in the meantime were not counted.
  const total = ofIncidents === undefined ? '' : ` of ${Math.max(ofIncidents, incidents)}`;
  const left = leftMs === undefined ? '' : `, about ${ageText(leftMs)} left`;
  return `${incidents}${total} incidents, ${objects} objects so far${left}`;
}
