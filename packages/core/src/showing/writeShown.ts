import { SoarApiError } from '@soar-feed/soar-client';
import type { PatchChange, SoarClient } from '@soar-feed/soar-client';
import { PermanentError } from '../contract/errors.js';
import type { SoarObject } from '../contract/FeedEvent.js';

/** A field's new value and the one it had; text, or a date in ms. */
export interface ShownChange {
  readonly kind: 'text' | 'date';
  readonly before: unknown;
  readonly value: string | number | null;
}

/** How this server wants custom fields named in a PATCH; both forms are seen with IBM's clients. */
export interface PatchForm {
  prefixed: boolean;
  isProven: boolean;
}

/**
 * Writes custom fields of an incident with one PATCH, without a version: nothing of anybody else's is touched. A server
 * that wants the field names in the other form refuses all of them, and gets them so. Throws SoarApiError, and
 * `PermanentError` if the server does not apply them.
 */
export async function writeShown(
  client: Pick<SoarClient, 'incidents'>,
  incidentId: number,
  changes: ReadonlyMap<string, ShownChange>,
  form: PatchForm,
  signal: AbortSignal,
): Promise<void> {
  try {
    await send(client, incidentId, changes, form, signal);
  } catch (error) {
    const status = SoarApiError.is(error) ? error.status : undefined;
    if (status === 405) return put(client, incidentId, changes, signal);
    if (form.isProven || status !== 400) throw error;
    form.prefixed = !form.prefixed;
    await send(client, incidentId, changes, form, signal);
  }
  form.isProven = true;
}

async function send(
  client: Pick<SoarClient, 'incidents'>,
  incidentId: number,
  changes: ReadonlyMap<string, ShownChange>,
  { prefixed }: PatchForm,
  signal: AbortSignal,
): Promise<void> {
  const sent = [...changes].map(([name, { kind, before, value }]): PatchChange => {
    const holder = (held: unknown) =>
      kind === 'date' ? { date: (held ?? null) as number | null } : { text: (held ?? null) as string | null };
    return { field: prefixed ? `properties.${name}` : name, old_value: holder(before), new_value: holder(value) };
  });
  const status = await client.incidents.patch(incidentId, sent, undefined, { signal });
  if (!status.success)
    throw new PermanentError(status.message ?? 'it did not apply the fields', { code: 'patch-refused' });
}

/** A server without PATCH. */
async function put(
  client: Pick<SoarClient, 'incidents'>,
  incidentId: number,
  changes: ReadonlyMap<string, ShownChange>,
  signal: AbortSignal,
): Promise<void> {
  const values = Object.fromEntries([...changes].map(([name, { value }]) => [name, value]));
  const merge = (current: SoarObject): object => ({
    ...current,
    properties: { ...(current.properties as SoarObject | undefined), ...values },
  });
  await client.incidents.update(incidentId, merge, { signal });
}
