import type { ReloadProgress } from '@soar-feed/core/runtime';

/** `12 of 240 incidents, 310 objects`. */
export function progressText({ incidents, objects, ofIncidents }: ReloadProgress): string {
  // Incidents created in the meantime were not counted.
  const total = ofIncidents === undefined ? '' : ` of ${Math.max(ofIncidents, incidents)}`;
  return `${incidents}${total} incidents, ${objects} objects`;
}
