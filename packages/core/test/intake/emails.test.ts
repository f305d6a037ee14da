import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { decodeMessage } from '../../src/intake/queue/decodeMessage.js';
import { sourceTypes } from '../../src/shape/sourceTypes.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { action, catalogOf, events, incoming, types } from './messages.js';

const EMAIL: TypeDescription = {
  ...{ id: 13, type_id: 13, type_name: '__emailmessage', display_name: 'Email Message', parent_types: [] },
  fields: [
    { id: 150, name: 'subject', input_type: 'text' },
    { id: 154, name: 'inbound_mailbox', input_type: 'select' },
  ],
};
const clock = fakeClock();
const all = Object.fromEntries([...types, EMAIL].map((type) => [type.type_name, type]));
const context = (emails: boolean) => ({
  ...{ events, emails, now: () => clock.now() },
  catalog: catalogOf(clock, async () => sourceTypes(all, emails)),
});
const email = { id: 7, subject: 'Hello', inbound_mailbox: 3 };
const decoded = (body: unknown, emails = true) => decodeMessage(incoming(body), context(emails));

describe('a message about an e-mail message', () => {
  it('is an event of its incident, with the labels that the message names under the internal type', async () => {
    const values = { '3': { value: 3, label: 'SOC', enabled: true } };
    const type_info = { __emailmessage: { fields: { inbound_mailbox: { id: 154, values } } } };
    const result = await decoded(action(13, { operation_type: 'created', emailmessage: email, type_info }));
    if (result.kind !== 'event') throw new Error(`no event but ${JSON.stringify(result)}`);
    const { event } = result;
    expect(event.key).toEqual({ orgId: 201, incidentId: 4517, type: 'emailmessage', objectId: 7 });
    expect(event.parent).toEqual({ orgId: 201, incidentId: 4517, type: 'incident', objectId: 4517 });
    expect(event.schema.fields.get('inbound_mailbox')?.options.get('3')?.label).toBe('SOC');
  });

  it('is ignored while it belongs to no incident', async () => {
    const result = await decoded(action(13, { incident: null, emailmessage: email }));
    expect(result).toMatchObject({ kind: 'ignored', reason: 'e-mail message 7 belongs to no incident' });
  });

  it('is ignored where e-mail messages are not fed, and the type keeps its name', async () => {
    expect(await decoded(action(13, { emailmessage: email }), false)).toMatchObject({ kind: 'ignored' });
    expect(sourceTypes(all, false).map(({ type_name: name }) => name)).toContain('__emailmessage');
  });
});
