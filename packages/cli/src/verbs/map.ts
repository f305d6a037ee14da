import type { RecordFilter, TargetRecord } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import { csvLine } from '../output/csv.js';
import { table, widthOf } from '../output/table.js';
import { writeOut } from '../output/writeOut.js';
import { UsageError } from '../UsageError.js';
import { withInspection } from '../withInspection.js';
import type { InspectionArgs } from '../withInspection.js';

export interface MapArgs extends InspectionArgs {
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly incident?: number | undefined;
  readonly id?: number | undefined;
  readonly targetIncident?: string | undefined;
  readonly target?: string | undefined;
  readonly limit?: number | undefined;
  readonly json: boolean;
  readonly csv: boolean;
}

interface Row extends TargetRecord {
  readonly feed: string;
}

const TABLE_LIMIT = 100;
const HEADINGS = ['incident', 'type', 'id', 'state', 'incident there', 'id there', 'written', 'remarks'];

/** Reads the mappings as they are on disk, beside whatever host has them open. */
export async function map(args: MapArgs): Promise<number> {
  return withInspection(args, { ask: false }, async (inspection) => {
    const rows = rowsOf(inspection, filterOf(args));
    const { limit = args.json || args.csv ? Infinity : TABLE_LIMIT } = args;
    const shown = args.json
      ? await asJson(rows, limit)
      : args.csv
        ? await asCsv(rows, limit)
        : await asTable(rows, limit);
    return (shown === 0 ? exitCodes.notFound : exitCodes.done).code;
  });
}

function filterOf({ state, type, incident, id, target, targetIncident }: MapArgs): RecordFilter {
  const filter = { state, type, incidentId: incident, objectId: id, ref: target, refIncident: targetIncident };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

async function* rowsOf({ feeds }: Inspection, filter: RecordFilter): AsyncGenerator<Row> {
  const [first] = feeds.filter(({ insight }) => insight === undefined);
  if (first !== undefined && feeds.every(({ insight }) => insight === undefined)) throw withoutMapping(first);
  for (const { name, insight } of feeds)
    for await (const record of insight?.records(filter) ?? []) yield { feed: name, ...record };
}

function withoutMapping({ name, type }: Inspection['feeds'][number]): UsageError {
  return new UsageError(`Feed ${name} has no mapping: its target (class=${type}) remembers no counterparts.`);
}

async function asJson(rows: AsyncIterable<Row>, limit: number): Promise<number> {
  let shown = 0;
  for await (const row of upTo(limit, rows)) {
    const text = JSON.stringify(row);
    if (!(await writeOut(`${shown === 0 ? '{"records":[\n' : ',\n'}${text}`))) return shown;
    shown += 1;
  }
  await writeOut(shown === 0 ? '{"records":[]}\n' : '\n]}\n');
  return shown;
}

async function asCsv(rows: AsyncIterable<Row>, limit: number): Promise<number> {
  let shown = 0;
  await writeOut(csvLine(['feed', 'organization', ...HEADINGS]));
  for await (const row of upTo(limit, rows)) {
    if (!(await writeOut(csvLine([row.feed, row.key.orgId, ...cellsOf(row, '')])))) return shown;
    shown += 1;
  }
  return shown;
}

async function asTable(rows: AsyncIterable<Row>, limit: number): Promise<number> {
  const found: Row[] = [];
  for await (const row of upTo(limit + 1, rows)) found.push(row);
  const shown = found.slice(0, limit);
  const severalFeeds = shown.some(({ feed }) => feed !== shown[0]?.feed);
  const cells = shown.map((row) => [...(severalFeeds ? [row.feed] : []), ...cellsOf(row, '-')]);
  const headings = severalFeeds ? ['feed', ...HEADINGS] : HEADINGS;
  await writeOut(
    cells.length === 0 ? 'No mapping has such an object.\n' : table(headings, cells, widthOf(process.stdout)),
  );
  if (found.length > limit) process.stderr.write(`There are more than ${limit}: --limit shows more of them.\n`);
  return shown.length;
}

function cellsOf(
  { key, state, ref, refIncident, writtenAtMs, marks }: Row,
  none: string,
): readonly (string | number)[] {
  const written = writtenAtMs === undefined ? none : new Date(writtenAtMs).toISOString().replace('.000Z', 'Z');
  return [
    ...[key.incidentId, key.type, key.objectId, state, refIncident ?? none, ref ?? none, written],
    marks.length === 0 ? none : marks.join('; '),
  ];
}

async function* upTo<T>(limit: number, all: AsyncIterable<T>): AsyncGenerator<T> {
  let left = limit;
  for await (const one of all) {
    yield one;
    left -= 1;
    if (left <= 0) return;
  }
}
