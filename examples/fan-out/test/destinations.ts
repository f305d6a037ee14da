import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DumpNote, DumpObject, OrgDump } from '@soar-feed/soar-simulator';
import knex from 'knex';
import type { Receiver } from '../../custom-target/test/Receiver.js';

export type Row = Readonly<Record<string, unknown>>;

/** One line per object, `type/id: what people read of it`; sorted, so that two lists can be compared. */
export type Objects = readonly string[];

/** What the source has. */
export function ofSource(dump: OrgDump): Objects {
  const found: string[] = [];
  const add = (type: string, { id, labels }: DumpObject): void => void found.push(lineOf(type, id, labels));
  const addNote = (note: DumpNote): void => {
    add('note', note);
    note.children.forEach(addNote);
  };
  for (const incident of dump.incidents) {
    add('incident', incident);
    for (const task of incident.tasks) {
      add('task', task);
      task.notes.forEach(addNote);
      for (const attachment of task.attachments) add('attachment', attachment);
    }
    incident.notes.forEach(addNote);
    for (const artifact of incident.artifacts) add('artifact', artifact);
    for (const attachment of incident.attachments) add('attachment', attachment);
    for (const milestone of incident.milestones) add('milestone', milestone);
    for (const row of incident.rows) add(row.table, row);
  }
  return found.sort();
}

/** What the folder of the archive has, without what is marked as deleted. */
export async function ofFiles(folder: string): Promise<Objects> {
  const found: string[] = [];
  for (const name of await readdir(join(folder, 'archive'))) {
    // A file that is being written has another name.
    if (name.startsWith('.')) continue;
    const [, incident, type, id] = /^incident_(\d+)(?:_(.+)_(\d+))?\.json$/.exec(name) ?? [];
    if (incident === undefined) throw new Error(`What is ${name}?`);
    const row = JSON.parse(await readFile(join(folder, 'archive', name), 'utf8')) as Row;
    if (row['soar_feed_deleted'] !== true) found.push(lineOf(type ?? 'incident', Number(id ?? incident), row));
  }
  return found.sort();
}

/** What the receiver of the webhook has. */
export function ofReceiver({ objects }: Receiver): Objects {
  return objects.map(({ type, id, row }) => lineOf(type, id, row ?? {})).sort();
}

/** What the tables have, of these types. */
export async function ofTables(folder: string, types: readonly string[]): Promise<Objects> {
  const found: string[] = [];
  for (const type of types)
    for (const row of await rowsOf(folder, type)) found.push(lineOf(type, Number(row['id']), row));
  return found.sort();
}

/** The rows of a table by ascending id. */
export async function rowsOf(folder: string, table: string): Promise<readonly Row[]> {
  const database = knex({
    client: 'sqlite3',
    connection: { filename: join(folder, 'reports.sqlite3') },
    useNullAsDefault: true,
  });
  try {
    return (await database(table).select('*').orderBy('id')) as Row[];
  } finally {
    await database.destroy();
  }
}

function lineOf(type: string, id: number, values: Row): string {
  const main = { note: 'text', artifact: 'value', milestone: 'title' }[type] ?? 'name';
  const value = values[main];
  const text = typeof value === 'object' && value !== null ? (value as Row)['content'] : value;
  return `${type}/${id}: ${JSON.stringify(text ?? null)}`;
}
