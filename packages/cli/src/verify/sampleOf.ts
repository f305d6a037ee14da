import { createHash } from 'node:crypto';

/** Whether an incident belongs to a sample of so many percent: by its id alone, so that the same ones do every time. */
export function sampleOf(percent: number): (incidentId: number) => boolean {
  if (percent >= 100) return () => true;
  return (incidentId) => {
    const hash = createHash('sha256').update(String(incidentId)).digest().readUInt32BE(0);
    return hash / 2 ** 32 < percent / 100;
  };
}
