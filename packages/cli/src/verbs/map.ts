import type { RecordFilter } from '@soar-feed/core';
import { exitCodes } from '../exitCodes.js';
import { recordsOf } from '../map/recordsOf.js';
import type { MappedRecord } from '../map/recordsOf.js';
import { likelyState, likelyType } from '../likely.js';
import { csvLine } from '../output/csv.js';
import { table, widthOf } from '../output/table.js';
import { writeOut } from '../output/writeOut.js';
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

const TABLE_LIMIT = 100;
const HEADINGS = ['incident', 'type', 'id', 'state', 'incident there', 'id there', 'written', 'remarks'];

/** Reads the mappings as they are on disk, beside whatever host has them open. */
export async function map(args: MapArgs): Promise<number> {
  return withInspection(args, { ask: false }, async (inspection) => {
    const rows = recordsOf(inspection, filterOf(args));
    const { limit = args.json || args.csv ? Infinity : TABLE_LIMIT } = args;
    const shown = args.json
      ? await asJson(rows, limit)
      : args.csv
        ? await asCsv(rows, limit)
        : await asTable(rows, limit);
    if (shown === 0) process.stderr.write(hintsFor(args));
    return (shown === 0 ? exitCodes.notFound : exitCodes.done).code;
  });
}

/** What the words that found nothing may mean. */
function hintsFor({ type, state }: MapArgs): string {
  const ofType = type === undefined ? '' : likelyType(type);
  const ofState = state === undefined ? '' : likelyState(state);
  const hints = [ofType, ofState].filter((hint) => hint !== '');
  return hints.length === 0 ? '' : `${hints.join('').trimStart()}\n`;
}

function filterOf({ state, type, incident, id, target, targetIncident }: MapArgs): RecordFilter {
  const filter = { state, type, incidentId: incident, objectId: id, ref: target, refIncident: targetIncident };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

async function asJson(rows: AsyncIterable<MappedRecord>, limit: number): Promise<number> {
  let shown = 0;
  for await (const row of upTo(limit, rows)) {
    const text = JSON.stringify(row);
    if (!(await writeOut(`${shown === 0 ? '{"records":[\n' : ',\n'}${text}`))) return shown;
    shown += 1;
  }
  await writeOut(shown === 0 ? '{"records":[]}\n' : '\n]}\n');
  return shown;
}

async function asCsv(rows: AsyncIterable<MappedRecord>, limit: number): Promise<number> {
  let shown = 0;
  await writeOut(csvLine(['feed', 'organization', ...HEADINGS]));
  for await (const row of upTo(limit, rows)) {
    if (!(await writeOut(csvLine([row.feed, row.key.orgId, ...cellsOf(row, '')])))) return shown;
    shown += 1;
  }
  return shown;
}

async function asTable(rows: AsyncIterable<MappedRecord>, limit: number): Promise<number> {
  const found: MappedRecord[] = [];
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
  { key, state, ref, refIncident, writtenAtMs, marks }: MappedRecord,
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
