import { describe, expect, it } from '@jest/globals';
import { SoarApiError } from '@soar-feed/soar-client';
import type { PatchChange, PatchStatus } from '@soar-feed/soar-client';
import type { TranslatedField } from '../../../src/fields/TranslatedField.js';
import { OrgBehaviour } from '../../../src/write/types/OrgBehaviour.js';
import { patchFields } from '../../../src/write/types/patchFields.js';

const FIELDS: readonly TranslatedField[] = [
  { name: 'name', inputType: 'text', value: 'ours' },
  { name: 'severity_code', inputType: 'select', value: 6 },
  { name: 'members', inputType: 'multiselect_members', value: [3] },
];

/** A server that gives these answers, one after another, and what was sent to it. */
function server(...answers: readonly PatchStatus[]) {
  const sent: (readonly PatchChange[])[] = [];
  const left = [...answers];
  const send = (changes: readonly PatchChange[]): Promise<PatchStatus> => {
    sent.push(changes);
    return Promise.resolve(left.shift() ?? { success: true });
  };
  return { sent, send };
}

const conflict = (failures: Readonly<Record<string, unknown>>): PatchStatus => ({
  success: false,
  message: 'could not be applied due to a conflicting edit by another user',
  field_failures: Object.entries(failures).map(([field, value]) => ({ field, actual_current_value: value })),
});

describe('patchFields', () => {
  it('answers a conflict by saying what the server has, so that our value replaces it', async () => {
    const { sent, send } = server(conflict({ name: 'theirs', severity_code: 4 }));
    await patchFields(FIELDS, new OrgBehaviour(1, 1), send);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual([
      { field: 'name', old_value: { text: 'theirs' }, new_value: { text: 'ours' } },
      { field: 'severity_code', old_value: { id: 4 }, new_value: { id: 6 } },
      { field: 'members', old_value: { ids: [] }, new_value: { ids: [3] } },
    ]);
  });

  it('understands handles that are shown as objects, and fields named so', async () => {
    const status = conflict({ members: [{ id: 8, name: 'Night Watch' }, 9] });
    const handle = { field: { name: 'severity_code' }, actual_current_value: { id: 5, name: 'Medium' } };
    const { sent, send } = server({ ...status, field_failures: [...(status.field_failures ?? []), handle] });
    await patchFields(FIELDS, new OrgBehaviour(1, 1), send);
    expect(sent[1]?.map((change) => change.old_value)).toEqual([{ text: null }, { id: 5 }, { ids: [8, 9] }]);
  });

  it('gives up at the second refusal, naming the fields and the reason', async () => {
    const { sent, send } = server(conflict({ name: 'a' }), conflict({ name: 'b' }));
    await expect(patchFields(FIELDS, new OrgBehaviour(1, 1), send)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'patch-refused',
      message: expect.stringMatching(/change of name: .*conflicting edit/),
    });
    expect(sent).toHaveLength(2);
  });

  it('gives up in words, too, if the server says neither which fields nor why', async () => {
    const { send } = server(conflict({ name: 'a' }), { success: false });
    await expect(patchFields(FIELDS, new OrgBehaviour(1, 1), send)).rejects.toMatchObject({
      code: 'patch-refused',
      message: 'The server did not apply the change of the fields: no reason given',
    });
  });

  it('names all fields that are refused', async () => {
    const { send } = server(conflict({ name: 'a' }), conflict({ name: 'b', members: [] }));
    await expect(patchFields(FIELDS, new OrgBehaviour(1, 1), send)).rejects.toThrow(/change of name, members: /);
  });

  it('tells an outage while it names custom fields the other way as an outage', async () => {
    const custom = [{ ...(FIELDS[0] as TranslatedField), prefix: 'properties' as const }];
    const answers = [400, 503];
    const send = () => Promise.reject(new SoarApiError('no', { code: 'no', status: answers.shift(), retryable: true }));
    await expect(patchFields(custom, new OrgBehaviour(1, 1), send)).rejects.toMatchObject({ status: 503 });
  });
});
