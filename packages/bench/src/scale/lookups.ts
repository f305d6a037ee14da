import type { ObjectKey } from '@soar-feed/core';
import { KnexMappingStore } from '@soar-feed/resilient-feed';
import { Random } from '@soar-feed/soar-simulator';
import { KnexFeedStore, openDatabase } from '@soar-feed/store';
import { percentile } from '../percentile.js';
import type { ScaleFolder } from './ScaleHost.js';

/** What a host asks per event or incident, ms: the median and the 95th percentile. */
export interface LookupFigures {
  readonly lastP50: number;
  readonly lastP95: number;
  readonly incidentP50: number;
  readonly incidentP95: number;
}

const ASKED = 2_000;

/** Times single lookups of random objects: what was applied last, and every mapped row of an incident. No host may run. */
export async function timeLookups(folder: ScaleFolder): Promise<LookupFigures> {
  const keys = await randomKeys(folder);
  const last = await timeLast(folder, keys);
  // Each incident once: its rows are kept in memory afterwards.
  const incident = await timeIncidents(folder, [...new Map(keys.map((key) => [key.incidentId, key])).values()]);
  return {
    ...{ lastP50: percentile(last, 0.5), lastP95: percentile(last, 0.95) },
    ...{ incidentP50: percentile(incident, 0.5), incidentP95: percentile(incident, 0.95) },
  };
}

async function randomKeys({ stateFile }: ScaleFolder): Promise<readonly ObjectKey[]> {
  const random = new Random(1);
  const database = await openDatabase({ client: 'sqlite', file: stateFile });
  try {
    const [{ most = 0 } = {}] = await database.knex.raw<readonly { readonly most?: number }[]>(
      'SELECT max(rowid) AS most FROM soar_feed_settled',
    );
    const rowIds = Array.from({ length: ASKED }, () => random.integer(1, most));
    const keys: string[] = [];
    for (const rowId of rowIds)
      keys.push(...(await database.knex('soar_feed_settled').where({ rowid: rowId }).pluck<string[]>('object_key')));
    return [...new Set(keys)].map(keyOf);
  } finally {
    await database.close();
  }
}

async function timeLast({ stateFile }: ScaleFolder, keys: readonly ObjectKey[]): Promise<readonly number[]> {
  const store = new KnexFeedStore({ database: { client: 'sqlite', file: stateFile } });
  await store.open();
  try {
    return await timed(keys, async (key) => (await store.settlements.last('replica', key)) !== undefined);
  } finally {
    await store.close();
  }
}

async function timeIncidents({ mappingFile }: ScaleFolder, keys: readonly ObjectKey[]): Promise<readonly number[]> {
  const mapping = new KnexMappingStore({ client: 'sqlite', file: mappingFile });
  await mapping.open(202);
  try {
    return await timed(keys, async (key) => (await mapping.rows.find(key)) !== undefined);
  } finally {
    await mapping.close();
  }
}

async function timed(keys: readonly ObjectKey[], found: (key: ObjectKey) => Promise<boolean>): Promise<number[]> {
  const taken: number[] = [];
  for (const key of keys) {
    const begunAt = performance.now();
    if (!(await found(key))) throw new Error(`The state lacks ${JSON.stringify(key)}.`);
    taken.push(performance.now() - begunAt);
  }
  return taken;
}

function keyOf(text: string): ObjectKey {
  const [orgId, incidentId, type = '', objectId] = text.split('/');
  return { orgId: Number(orgId), incidentId: Number(incidentId), type, objectId: Number(objectId) };
}
