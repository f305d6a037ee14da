import { GRAVITIES } from '../../contract/Examination.js';
import type { Finding } from '../../contract/Examination.js';

/** The worst first; otherwise in the order in which they were found. */
export function byGravity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => GRAVITIES.indexOf(a.gravity) - GRAVITIES.indexOf(b.gravity));
}
