import type { FeedEvent, Logger } from '@soar-feed/core';
import { anIncident } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, ObjectPlace, Silence, TargetBench } from '@soar-feed/feed-testkit';
import type { Knex } from 'knex';
import { SqlFeed } from '../../src/index.js';
import { settingsOf } from './makeFeed.js';

export interface SqlBench extends TargetBench {
  /** Reads the destination beside the feed. */
  readonly knex: Knex;
}

export interface SqlPlace {
  readonly texts: Readonly<Record<string, string>>;
  readonly knex: Knex;
  dispose(): Promise<void>;
  outage?(): Promise<() => Promise<void>>;
  silence?(): Promise<Silence>;
}

/** The testkit's case for one engine; every test gets tables of its own. */
export function sqlCase(options: {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  place(): Promise<SqlPlace>;
  readonly has?: { readonly outage?: true; readonly silence?: true; readonly poison?: true };
  readonly secrets?: readonly string[];
}): FeedTargetCase<SqlBench & { readonly place: SqlPlace }> {
  const { name, settings = {}, has = {} } = options;
  const marks = settings['on_delete'] === 'mark';
  return {
    name,
    capabilities: {
      deletes: marks ? 'mark' : 'apply',
      content: settings['content'] !== 'false',
      timeSeries: true,
      batch: { maxEvents: 500, maxWaitMs: 50 },
    },
    async make(log: Logger) {
      const place = await options.place();
      const target = new SqlFeed(settingsOf({ ...place.texts, ...settings }), { name: 'sql_feed', log });
      return { target, knex: place.knex, place, dispose: () => place.dispose() };
    },
    readBack: ({ place }, { key }: ObjectPlace) => rowsOf(place, key),
    async readContent({ place }, { key }) {
      const [row] = await rowsOf(place, key);
      return (row as { readonly content: Buffer }).content;
    },
    ...(has.outage ? { outage: async ({ place }) => (await place.outage?.()) as () => Promise<void> } : {}),
    ...(has.silence ? { silence: async ({ place }) => (await place.silence?.()) as Silence } : {}),
    ...(has.poison ? { poison } : {}),
    another: async ({ place }, log) =>
      new SqlFeed(settingsOf({ ...place.texts, ...settings }), { name: 'sql_feed', log }),
    refusesStale: true,
    followsSchema: true,
    ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
  };
}

/** The row of the object, and whatever else is in its table for the same object; absent tables have none. */
async function rowsOf(place: SqlPlace, key: FeedEvent['key']): Promise<readonly unknown[]> {
  const { knex, texts } = place;
  const at = (table: string): Knex.QueryBuilder => {
    const query = knex(`${texts['table_prefix'] ?? ''}${table}`) as Knex.QueryBuilder;
    return texts['schema'] === undefined ? query : query.withSchema(texts['schema']);
  };
  const names = (await at('soar_feed_names')
    .where({ object_type: key.type })
    .catch(() => [])) as readonly {
    readonly field: string | null;
    readonly name: string;
  }[];
  const named = names
    .find(({ field }) => field === '' || field === null)
    ?.name.replace(texts['table_prefix'] ?? '', '');
  const rows = at(named ?? key.type).where({ id: key.objectId });
  // mysql2 reads no row that has a column called __proto__.
  return (await rows.clone().catch(() => rows.select('id', 'inc_id').catch(() => []))) as readonly unknown[];
}

/** A trigger or a constraint in the destination refuses this name. */
export const POISON = 'refused by the database';

async function poison({ knex, place }: SqlBench & { readonly place: SqlPlace }): Promise<FeedEvent> {
  const table = `${place.texts['table_prefix'] ?? ''}incident`;
  const schema = place.texts['schema'];
  const exists = await (schema === undefined ? knex.schema : knex.schema.withSchema(schema)).hasTable(table);
  const event = anIncident({ incidentId: 2290, payload: { name: POISON } });
  const client = String((knex.client as { readonly config: { readonly client: string } }).config.client);
  if (!exists) {
    await knex.raw(
      `CREATE TABLE ?? (id bigint primary key, inc_id bigint, name ${client === 'mysql2' ? 'longtext' : 'text'})`,
      [schema === undefined ? table : `${schema}.${table}`],
    );
  }
  const place_ = schema === undefined ? table : `${schema}.${table}`;
  if (client === 'sqlite3') {
    await knex.raw(
      `CREATE TRIGGER IF NOT EXISTS no_poison BEFORE INSERT ON ${table} WHEN NEW.name = '${POISON}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
  } else {
    await knex
      .raw(`ALTER TABLE ?? ADD CONSTRAINT no_poison CHECK (name <> '${POISON}')`, [place_])
      .catch(() => undefined);
  }
  return event;
}
