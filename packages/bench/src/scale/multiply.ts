/**
 * Makes a large state of a small one: what the host has written about some incidents is copied, as if it had written the same
 * about further ones. The copies differ in their ids alone, so sizes are those of real rows.
 */
import { openDatabase } from '@soar-feed/store';
import type { Knex } from 'knex';
import type { ScaleFolder } from './ScaleHost.js';

/** Between the ids of two copies of what the host itself has written. */
const APART = 1_000_000;

/** How often everything is there, and how often it shall be. */
export interface Multiple {
  readonly from: number;
  readonly to: number;
}

/** The key of the copy whose ids are `by` further: an `object_key` reads org/incident/type/object. */
function movedKey(by: number, key = 'object_key'): string {
  const below = `substr(${key}, length(org_id || '/' || incident_id || '/') + 1)`;
  const type = `substr(${below}, 1, instr(${below}, '/') - 1)`;
  const id = `CAST(substr(${below}, instr(${below}, '/') + 1) AS INTEGER)`;
  return `org_id || '/' || (incident_id + ${by}) || '/' || ${type} || '/' || (${id} + ${by})`;
}

/** The same for the key in a JSON text; null stays null. */
function movedJson(column: string, path: string, by: number): string {
  const moved = ['incidentId', 'objectId'].map(
    (name) => `'${path}.${name}', json_extract(${column}, '${path}.${name}') + ${by}`,
  );
  return `json_set(${column}, ${moved.join(', ')})`;
}

/** Columns that are not copied as they are: their SQL for the copy of that number, whose ids are `by` further. */
type Changed = (by: number, at: number) => Readonly<Record<string, string>>;

const SETTLED: Changed = (by, at) => ({
  object_key: movedKey(by),
  incident_id: `incident_id + ${by}`,
  task_id: `CASE WHEN task_id > 0 THEN task_id + ${by} ELSE task_id END`,
  event_id: `event_id || '#${at}'`,
});

const OUTCOMES: Changed = (_by, at) => ({ event_id: `event_id || '#${at}'` });

const MAPPED: Changed = (by) => ({
  org1_inc_id: `org1_inc_id + ${by}`,
  org1_type_id: `org1_type_id + ${by}`,
  org2_inc_id: `org2_inc_id + ${by}`,
  org2_type_id: `org2_type_id + ${by}`,
});

const PARKED: Changed = (by, at) => ({
  object_key: movedKey(by),
  incident_id: `incident_id + ${by}`,
  object_id: `object_id + ${by}`,
  event_id: `event_id || '#${at}'`,
  // Behind what was parked by the host itself.
  place: `place + ${by}`,
  parent: movedJson('parent', '$', by),
  waiting_on: movedKey(by, 'waiting_on'),
  why: `CASE state WHEN 'waiting' THEN ${movedJson('why', '$.on', by)} ELSE why END`,
});

/** What is settled and mapped, and the log of it. */
export async function multiplyMapped({ stateFile, mappingFile }: ScaleFolder, multiple: Multiple): Promise<void> {
  await copy(stateFile, { soar_feed_settled: SETTLED, soar_feed_outcomes: OUTCOMES }, multiple);
  await copy(mappingFile, { data_feeder_sync: MAPPED }, multiple);
}

export async function multiplyParked({ stateFile }: ScaleFolder, multiple: Multiple): Promise<void> {
  await copy(stateFile, { soar_feed_parked: PARKED }, multiple);
}

async function copy(file: string, tables: Readonly<Record<string, Changed>>, { from, to }: Multiple): Promise<void> {
  const database = await openDatabase({ client: 'sqlite', file });
  try {
    const apart = APART * from;
    for (const [table, changed] of Object.entries(tables))
      await copyRows(database.knex, table, (copies) => changed(copies * apart, copies * from), to / from);
  } finally {
    await database.close();
  }
}

async function copyRows(
  knex: Knex,
  table: string,
  changed: (copies: number) => Readonly<Record<string, string>>,
  times: number,
): Promise<void> {
  const columns = Object.keys(await knex(table).columnInfo());
  const [newest] = await knex.raw<readonly { readonly rowid: number }[]>(`SELECT max(rowid) AS rowid FROM ${table}`);
  for (let copies = 1; copies < times; copies += 1) {
    const values = changed(copies);
    const selected = columns.map((column) => values[column] ?? column);
    await knex.raw(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM ${table} WHERE rowid <= ?`,
      [newest?.rowid ?? 0],
    );
  }
}
