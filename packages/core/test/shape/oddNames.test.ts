import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { decodeMessage } from '../../src/intake/queue/decodeMessage.js';
import { parseWorkspaces } from '../../src/config/parseWorkspaces.js';
import { flatten } from '../../src/shape/flatten.js';
import { toTypeSchema } from '../../src/shape/toTypeSchema.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { translateValue } from '../../src/shape/translateValue.js';
import { unknownToSchema } from '../../src/shape/unknownToSchema.js';
import { unknownFields, withMessageLabels } from '../../src/shape/withMessageLabels.js';
import { action, catalogOf, events, incident, incoming, types } from '../intake/messages.js';

/** Names under which every object has something. */
const NAMES = ['__proto__', 'constructor', 'valueOf', 'toString', 'hasOwnProperty'];
const clock = fakeClock();

/** JSON keeps `__proto__` as an ordinary name; an object literal does not. */
const json = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text) as Readonly<Record<string, unknown>>;

const tableOf = (name: string): TypeDescription => ({
  id: 1002,
  type_id: 8,
  type_name: name,
  display_name: name,
  parent_types: ['incident'],
  fields: [{ id: 400, name, input_type: 'select', values: [{ value: name, label: `Label ${name}` }] }],
});

const incidentWith = (name: string): TypeDescription => ({
  ...(types[0] as TypeDescription),
  fields: [{ id: 17, name, input_type: 'text', prefix: 'properties' }],
});

describe.each(NAMES)('the name %s', (name) => {
  it('is a table, a field and an option like any other', async () => {
    const catalog = catalogOf(clock, async () => [...types, tableOf(name)]);
    expect((await catalog.named(name))?.id).toBe(1002);
    expect((await catalog.labelled(name))?.id).toBe(1002);
    const row = { id: 27, cells: { '400': { id: 400, value: name } } };
    const result = await decodeMessage(incoming(action(1002, { row })), { catalog, events, now: () => clock.now() });
    if (result.kind !== 'event') throw new Error('no event');
    expect(result.event.key.type).toBe(name);
    expect(Object.entries(flatten(result.event))).toContainEqual([name, `Label ${name}`]);
    expect(unknownToSchema(result.event.schema, row)).toEqual([]);
  });

  it('is no table, field or option where nobody named one so', async () => {
    const catalog = catalogOf(clock);
    expect(await catalog.named(name)).toBeUndefined();
    expect(await catalog.labelled(name)).toBeUndefined();
    const schema = toTypeSchema(types[0] as TypeDescription);
    expect(withMessageLabels(schema, {})).toBe(schema);
    expect(withMessageLabels({ ...schema, name }, { incident: {} })).toMatchObject({ name });
    expect(unknownFields({ ...schema, name }, {})).toEqual([]);
    const status = { ...[...schema.fields.values()][0]!, inputType: 'select' };
    expect(translateValue(status, name)).toBe(name);
    expect(translateValue(status, { id: name })).toBe(name);
  });

  it('is empty in an object that has nothing under it', () => {
    const schema = toTypeSchema(incidentWith(name));
    const facts = { origin: 'queue', operation: 'upsert', workspace: '', observedAtMs: 1 } as const;
    const make = (payload: object) =>
      events.make({
        ...facts,
        id: 'm',
        schema,
        objectId: 4517,
        incidentId: 4517,
        payload: { ...incident, ...payload },
      });
    for (const payload of [{}, { properties: {} }, { properties: null }, { properties: 'text' }]) {
      expect(Object.entries(flatten(make(payload)))).toContainEqual([name, null]);
      expect(unknownToSchema(schema, { ...incident, ...payload })).toEqual([]);
    }
    const filled = json(`{"properties":{"${name}":"there"}}`);
    expect(Object.entries(flatten(make(filled)))).toContainEqual([name, 'there']);
    expect(Object.getPrototypeOf(flatten(make(filled)))).toBe(Object.prototype);
  });

  it('is told as unknown where an object has a field of it', () => {
    const schema = toTypeSchema(types[0] as TypeDescription);
    expect(unknownToSchema(schema, json(`{"properties":{"${name}":1}}`))).toEqual([`incident.${name}`]);
    expect(unknownFields(schema, json(`{"incident":{"fields":{"${name}":{}}}}`))).toEqual([name]);
  });

  it('takes its labels from a message', () => {
    const [table] = [toTypeSchema(tableOf(name))];
    const typeInfo = json(
      `{"${name}":{"fields":{"${name}":{"values":{"${name}":{"value":"${name}","label":"New"}}}}}}`,
    );
    expect(withMessageLabels(table, typeInfo).fields.get(name)?.options.get(name)?.label).toBe('New');
  });

  it('is a workspace and a feed', () => {
    const { workspaces, issues } = parseWorkspaces(`"${name}": ["${name}"]`);
    expect(issues).toEqual([]);
    expect(workspaces.get(name)).toEqual([name]);
    expect(parseWorkspaces('"a": ["b"]').workspaces.get(name)).toBeUndefined();
  });
});
