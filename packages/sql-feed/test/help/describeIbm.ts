import { describe, expect, it } from '@jest/globals';
import { ibmColumn, ibmStatements } from './ibmServers.js';
import type { ServerKind } from './ibmServers.js';
import { sampleEvents, sampleTypes } from './ibmSample.js';
import { ibmTables, spelledAlike } from './ibmTables.js';
import type { Tables } from './ibmTables.js';
import { context, delivery, makeFeed } from './makeFeed.js';
import type { SqlPlace } from './sqlCase.js';

/** On a server, from the same answers: IBM's tables, columns and values, in tables of ours and in IBM's own. */
export function describeIbm(kind: ServerKind, makePlace: () => Promise<SqlPlace>): void {
  describe('what IBM’s feed made of the same answers', () => {
    it('is what ours makes: tables, columns and values', async () => {
      const place = await makePlace();
      await feed(place);
      expect(await tablesOf(place)).toEqual(await expected((column) => column));
      await place.dispose();
    });

    it('is continued in tables that IBM’s plug-in made, wider where they cut', async () => {
      const place = await makePlace();
      for (const statement of await ibmStatements(kind, place.texts['table_prefix'] ?? ''))
        await place.knex.raw(statement);
      await feed(place);
      expect(await tablesOf(place)).toEqual(await expected((column) => ibmColumn(kind, column)));
      const long = { ...(sampleEvents()[0] as ReturnType<typeof sampleEvents>[0]) };
      const id = 2 ** 31 + 7;
      const big = {
        ...long,
        key: { ...long.key, incidentId: id, objectId: id },
        payload: { ...long.payload, description: { format: 'text', content: 'x'.repeat(70_000) } },
      };
      const target = makeFeed(place.texts);
      await target.open(context());
      expect((await target.deliverBatch([big], delivery()))[0]?.status).toBe('delivered');
      await target.close();
      const row = (await place
        .knex(`${place.texts['table_prefix'] ?? ''}incident`)
        .where({ id })
        .first()) as { description: string };
      expect(row.description).toHaveLength(70_000);
      await place.dispose();
    });
  });
}

async function feed(place: SqlPlace): Promise<void> {
  const target = makeFeed(place.texts, { source: { types: async () => sampleTypes, fetch: async () => undefined } });
  await target.open(context());
  const outcomes = await target.deliverBatch(sampleEvents(), delivery());
  await target.close();
  expect(outcomes.map(({ status }) => status)).toEqual(sampleEvents().map(() => 'delivered'));
}

async function expected(spell: (column: string) => string): Promise<Tables> {
  const tables = await ibmTables();
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      spelledAlike(rows).map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [spell(column), asDay(column, value)])),
      ),
    ]),
  );
}

/** A column of type DATE holds no time of day; SQLite's does. */
function asDay(column: string, value: unknown): unknown {
  return column === 'cust_date' && typeof value === 'string' ? value.slice(0, 10) : value;
}

async function tablesOf({ knex, texts }: SqlPlace): Promise<Tables> {
  const names = Object.keys(await ibmTables());
  const tables: [string, Tables[string]][] = [];
  for (const name of names) {
    const rows = (await knex(`${texts['table_prefix'] ?? ''}${name}`).orderBy('id')) as Tables[string];
    tables.push([
      name,
      spelledAlike(rows).map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, day(column, value)])),
      ),
    ]);
  }
  return Object.fromEntries(tables);
}

/** pg reads a date as midnight of the local zone. */
function day(column: string, value: unknown): unknown {
  if (column !== 'cust_date' || typeof value !== 'string') return value;
  const at = new Date(value);
  return value.length === 10
    ? value
    : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
