import type { FeedEvent, TypeSchema } from '@soar-feed/core';
import { ExcludedFields } from '../fields/ExcludedFields.js';
import { carryFields } from './carryFields.js';
import { FieldLosses } from './FieldLosses.js';
import { isEmpty } from '../fields/isEmpty.js';
import { fillRequired } from './requiredFields.js';
import type { TargetCatalog } from './TargetCatalog.js';
import type { Translation } from '../fields/TranslatedField.js';

export function translateTask(event: FeedEvent, target: TypeSchema, catalog: TargetCatalog): Translation {
  const losses = new FieldLosses();
  const carried = carryFields(withInstructions(event), target, catalog, losses, ExcludedFields.none);
  // If the target lacks the phase, the server chooses one (Initial or Custom) instead of having it cleared.
  const known = carried.filter((field) => field.name !== 'phase_id' || !isEmpty(field.value));
  const fields = fillRequired(known, 'always', target, event, catalog, losses);
  return { fields, losses: losses.list() };
}

/** `instr_text` is the name of `instructions` before v31. A task is only written with the new name. */
function withInstructions(event: FeedEvent): FeedEvent {
  const { instr_text: old, instructions, ...payload } = event.payload;
  return { ...event, payload: { ...payload, instructions: isEmpty(instructions) ? (old ?? null) : instructions } };
}
