import type { PatchChange, PatchStatus, PatchValue } from '../model/PatchDto.js';
import { aPatchStatus } from './due.js';
import type { WriteOptions } from './CallOptions.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRest } from './SoarRest.js';

/** IBM's client sends a patch again, unchanged, as often as the database says 409; so do we, within bounds. */
const MAX_TRIES = 5;

/** Conflicts of single fields are in the answer (`success: false`, `field_failures`): they are the caller's to resolve. */
export async function patchObject(
  rest: SoarRest,
  path: string,
  changes: readonly PatchChange[],
  version: number | undefined,
  options: WriteOptions,
): Promise<PatchStatus> {
  const body = { ...(version === undefined ? {} : { version }), changes };
  const headers = changes.some(usesLabels) ? { handle_format: 'names' } : {};
  for (let attempt = 1; ; attempt++) {
    try {
      return await rest.patch<PatchStatus>(path, body, { ...options, headers, due: aPatchStatus });
    } catch (error) {
      if (!SoarApiError.is(error) || error.status !== 409 || attempt === MAX_TRIES) throw error;
    }
  }
}

/** The generic holder goes together with names (IBM resilient-python-api, patch.py). */
function usesLabels(change: PatchChange): boolean {
  const isGeneric = (value: PatchValue): boolean => 'object' in value;
  return isGeneric(change.new_value) || isGeneric(change.old_value);
}
