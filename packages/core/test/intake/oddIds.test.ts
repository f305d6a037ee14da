import { describe, expect, it } from '@jest/globals';
import { makeIntake, task } from './intakeBench.js';
import { action, incident, received, syncFunction } from './messages.js';

/** What a message may hold where an id belongs, as its JSON spells it. */
const ODD = ['1e400', '1.5', '-5', '"7"', '9007199254740993', 'true', '{"id":7}', '[7]'];
const HERE = '@@';

const places: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['of an incident', action(0, { incident: { ...incident, id: HERE } })],
  ['of an incident that was deleted', action(0, { operation_type: 'deleted', incident: { ...incident, id: HERE } })],
  ['of a task', action(1, { task: { id: HERE, inc_id: 4517 } })],
  ['of a row', action(1001, { row: { id: HERE, cells: {} } })],
  ['of the incident of a task', action(1, { task: { id: 7, inc_id: HERE } })],
  ['of the incident beside a row', action(1001, { incident: { ...incident, id: HERE }, row: { id: 27 } })],
  ['of the task of a note', action(2, { note: { id: 9, inc_id: 4517, task_id: HERE } })],
  ['of the task beside a note', action(2, { note: { id: 9, inc_id: 4517 }, task: { id: HERE } })],
  ['of the task of an attachment', action(5, { attachment: { id: 9, inc_id: 4517, task_id: HERE } })],
  ['of the note above a reply', action(2, { note: { id: 9, inc_id: 4517, parent_id: HERE } })],
  ['of the artifact above an artifact', action(4, { artifact: { id: 9, inc_id: 4517, parent_id: HERE } })],
  ['of the organization', action(1, { incident: { ...incident, org_id: HERE }, task: { id: 7, inc_id: 4517 } })],
];

/** Where 0 means that there is none. */
const isReference = (name: string): boolean => /of the task (of|beside)|above|organization/.test(name);
const withId = (body: unknown, id: string): string => JSON.stringify(body).replace(`"${HERE}"`, id);

async function rawOf({ store }: Awaited<ReturnType<typeof makeIntake>>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const raw of store.parked.listRaw()) found.push(raw);
  return found;
}

describe('an id that is none', () => {
  it.each(places)('%s parks its message as it came, whatever stands there', async (name, body) => {
    for (const id of isReference(name) ? ODD : [...ODD, '0']) {
      const bench = await makeIntake();
      const [bad, good] = [received(withId(body, id), 'bad'), received(task(8), 'good')];
      await Promise.all([bench.intake.take(bad), bench.intake.take(good)]);
      expect(bench.target.seen).toEqual(['4517/task/8']);
      expect(bad.told).toEqual([
        { type: 1, message: expect.stringContaining('an id is a whole number'), complete: true },
        'ack',
      ]);
      expect(await rawOf(bench)).toMatchObject([{ code: 'odd-id', message: { messageId: 'bad', body: bad.body } }]);
    }
  });

  it.each(['1e400', '1.5', '"incident"', '9007199254740993', '{}'])('is no object_type: %s', async (type) => {
    const bench = await makeIntake();
    await bench.intake.take(received(withId({ ...action(1), object_type: HERE }, type), 'bad'));
    expect(await rawOf(bench)).toMatchObject([{ code: 'message-without-object-type' }]);
  });

  it.each(ODD)('is no end of a range of "Sync Incidents": %s', async (id) => {
    for (const input of ['df_min_incident_id', 'df_max_incident_id']) {
      const asked: unknown[] = [];
      const bench = await makeIntake({
        sync: async (request) => (asked.push(request), { type: 0, message: '', complete: true }),
      });
      await bench.intake.take(received(withId(syncFunction({ [input]: HERE }), id), 'bad'));
      expect(await rawOf(bench)).toMatchObject([{ code: 'sync-input-invalid' }]);
      expect(asked).toEqual([]);
    }
  });

  it('keeps a message whose broker gives an odd time from nothing', async () => {
    for (const timestamp of ['1e400', '1.5', '-5', '9007199254740991', 'x', '']) {
      const { intake, target, clock } = await makeIntake();
      const seen: number[] = [];
      target.answer = ({ observedAtMs }) => (seen.push(observedAtMs), { status: 'delivered', change: 'updated' });
      await intake.take(received(task(7), 'm', { timestamp }));
      expect(seen).toEqual([clock.now()]);
    }
  });
});
