import { toTypeSchema } from '@soar-feed/core';
import type { FeedEvent, TypeSchema } from '@soar-feed/core';
import { anIncident, aRow } from '../../events/builders.js';
import { schemas } from '../../events/schemas.js';
import { must, show } from '../must.js';
import { caseHas } from '../needs.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

type RawType = Parameters<typeof toTypeSchema>[0];
type RawField = Extract<NonNullable<RawType['fields']>, readonly unknown[]>[number];

const custom = (name: string, input_type: RawField['input_type'] = 'text', id = 5_000): RawField => ({
  ...{ id, name, text: name, input_type, prefix: 'properties', internal: false },
});

export const schemaChanges: readonly TargetScenario[] = [
  {
    name: 'accepts a snapshot with a field that is new in the schema, and one without it after that',
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      await subject.delivered(withFields([custom('reviewer')], { reviewer: 'Grace' }, 2));
      await subject.delivered(anIncident({ payload: { vers: 3 } }));
      await subject.holds(anIncident(), 1, 'a snapshot with a new field');
    },
  },
  {
    name: 'shows the value of a field that is new in the schema, without a restart',
    needs: [caseHas('followsSchema')],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      await subject.delivered(withFields([custom('reviewer')], { reviewer: 'Grace Hopper' }, 2));
      const seen = await subject.holds(anIncident(), 1, 'a snapshot with a new field');
      const promise = 'show the value of a field that is new in the schema (the case says `followsSchema`)';
      must(says(seen, 'Grace Hopper'), promise, `readBack gave ${show(seen)}`);
    },
  },
  {
    name: 'accepts or refuses a field whose type changed, and accepts the next incident',
    async run(subject) {
      await subject.open();
      const asNumber = withFields([custom('amount', 'number')], { amount: 12 }, 1);
      await subject.delivered(asNumber);
      await subject.takenOrRefused(withFields([custom('amount', 'text')], { amount: 'about twelve' }, 2));
      await subject.takenOrRefused(withFields([custom('amount', 'boolean')], { amount: true }, 3));
      await stillWorks(subject, 'a field whose kind changed');
    },
  },
  {
    name: 'accepts a renamed option and a new one',
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const values = [
        { value: 51, label: 'Moderate', enabled: true },
        { value: 59, label: 'Critical', enabled: true },
      ];
      const severity = { id: 4, name: 'severity_code', text: 'Severity', input_type: 'select', internal: true, values };
      for (const [at, severity_code] of [51, 59].entries()) {
        const event = withFields([severity], {}, 2 + at);
        await subject.delivered({ ...event, payload: { ...event.payload, severity_code } });
      }
      await subject.holds(anIncident(), 1, 'options that changed');
    },
  },
  {
    name: 'writes all of 400 custom fields or none, or refuses them',
    async run(subject) {
      await subject.open();
      const names = Array.from({ length: 400 }, (_, at) => `custom_field_no_${at}`);
      const values = Object.fromEntries(names.map((name, at) => [name, `the value <${at}>`]));
      const fields = names.map((name, at) => custom(name, 'text', 5_000 + at));
      const event = withFields(fields, values, 2);
      if ((await subject.takenOrRefused(event)) === 'delivered') {
        const seen = await subject.there(event);
        const shown = Object.values(values).filter((value) => says(seen, value)).length;
        const promise = 'carry 400 custom fields all or not at all; never some of them';
        must(shown === 0 || shown === 400, promise, `readBack showed ${shown}`);
      }
      await stillWorks(subject, '400 custom fields');
    },
  },
  {
    name: 'accepts or refuses data tables and columns with hostile names, and accepts the next incident',
    async run(subject) {
      await subject.open();
      for (const [at, name] of HOSTILE_NAMES.entries()) {
        const incidentId = 2800 + at;
        await subject.delivered(anIncident({ incidentId }));
        await subject.takenOrRefused(hostileRow(incidentId, name));
      }
      await stillWorks(subject, 'data tables with hostile names');
    },
  },
];

const HOSTILE_NAMES = ['select', 'a"b`c\'d]', 'x; drop table incident', '..', 'con', '__proto__', 'größe データ', ' '];

/** A row of a table called so, with a column called so. */
function hostileRow(incidentId: number, name: string): FeedEvent {
  const row = aRow({ incidentId });
  const column = { id: 900, name, text: name, input_type: 'text' as const };
  const schema = toTypeSchema({ ...RAW_TABLE, type_name: name, fields: [column] });
  const cells = Object.fromEntries([[name, { row_id: row.key.objectId, id: name, value: 'a cell' }]]);
  return { ...row, key: { ...row.key, type: name }, schema, payload: { ...row.payload, cells } };
}

const RAW_TABLE = {
  ...{ id: 1001, type_id: schemas.row.kind, type_name: '', display_name: 'Hosts', parent_types: ['incident'] },
};

/** Incident 2100 by a schema with more fields, or with others of the same name. */
function withFields(
  fields: readonly RawField[],
  properties: Readonly<Record<string, unknown>>,
  vers: number,
): FeedEvent {
  const raw = { id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident', fields };
  const more = toTypeSchema(raw);
  const schema: TypeSchema = {
    ...schemas.incident,
    fields: new Map([...schemas.incident.fields, ...more.fields]),
  };
  return { ...anIncident({ payload: { properties: { ticket: null, ...properties }, vers } }), schema };
}

async function stillWorks(subject: TargetSubject, what: string): Promise<void> {
  const next = anIncident({ incidentId: 2190 });
  await subject.delivered(next);
  await subject.holds(next, 1, what);
}
