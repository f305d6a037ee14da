import { PermanentError } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { PatchChange, PatchStatus } from '@soar-feed/soar-client';
import { toPatchChanges } from '../../translate/bodies.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { OrgBehaviour } from './OrgBehaviour.js';

type Send = (changes: readonly PatchChange[]) => Promise<PatchStatus>;

/**
 * Sends one PATCH with these fields, without version: the last write wins. If the server names custom fields the other
 * way, that is tried once and remembered.
 */
export async function patchFields(
  fields: readonly TranslatedField[],
  behaviour: OrgBehaviour,
  send: Send,
): Promise<void> {
  const custom = fields.some((field) => field.prefix === 'properties');
  try {
    await patchOnce(fields, behaviour.customFieldAs, send);
  } catch (error) {
    const other = behaviour.customFieldAs === 'bare' ? 'prefixed' : 'bare';
    if (!custom || behaviour.customFieldsProven || !SoarApiError.is(error) || error.status !== 400) throw error;
    await patchOnce(fields, other, send).catch((second: unknown) => {
      // Refused with both names, so the name was not the reason.
      throw SoarApiError.is(second) && second.status === 400 ? error : second;
    });
    behaviour.customFieldAs = other;
  }
  if (custom) behaviour.customFieldsProven = true;
}

async function patchOnce(
  fields: readonly TranslatedField[],
  customFieldAs: 'bare' | 'prefixed',
  send: Send,
): Promise<void> {
  const status = await send(toPatchChanges(fields, { customFieldAs }));
  if (status.success) return;
  const again = await send(withActualValues(fields, customFieldAs, status));
  if (again.success) return;
  const names = (again.field_failures ?? []).map(({ field }) => nameOf(field)).join(', ');
  throw new PermanentError(
    `The server did not apply the change of ${names || 'the fields'}: ${again.message ?? 'no reason given'}`,
    {
      code: 'patch-refused',
    },
  );
}

/** Resolves a conflict: names the server's values as the old ones, so that ours replace them. */
function withActualValues(
  fields: readonly TranslatedField[],
  customFieldAs: 'bare' | 'prefixed',
  status: PatchStatus,
): PatchChange[] {
  const actual = new Map(
    (status.field_failures ?? []).map((failure) => [nameOf(failure.field), byId(failure.actual_current_value)]),
  );
  return fields.flatMap((field) =>
    toPatchChanges([field], { customFieldAs }).map((change) => {
      const name = nameOf(change.field);
      if (!actual.has(name)) return change;
      const [asActual] = toPatchChanges([{ ...field, value: actual.get(name) ?? null }], { customFieldAs });
      return asActual === undefined ? change : { ...change, old_value: asActual.new_value };
    }),
  );
}

/** The form in which the server shows a value is unconfirmed: handles may be objects. */
function byId(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byId);
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

function nameOf(field: unknown): string {
  if (typeof field === 'object' && field !== null && 'name' in field) return String(field.name);
  return String(field);
}
