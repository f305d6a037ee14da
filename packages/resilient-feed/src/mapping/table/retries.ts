import type { Knex } from 'knex';

/**
 * IBM's feed (v1) keeps here what it could not write. Its payloads are stale, and files have only metadata, so the
 * incidents are loaded whole instead.
 */
const RETRY = 'data_feeder_retry';

/** Ids per statement, which takes some ten thousand values at most. */
const AT_ONCE = 1_000;

export async function retriesOf(knex: Knex, org1: number, org2: number): Promise<readonly number[]> {
  if (!(await knex.schema.hasTable(RETRY))) return [];
  const ids: readonly (number | string)[] = await knex(RETRY).where({ org1, org2 }).distinct().pluck('org1_inc_id');
  return ids.map(Number).sort((a, b) => a - b);
}

export async function forgetRetries(
  trx: Knex,
  org1: number,
  org2: number,
  incidentIds: readonly number[],
): Promise<void> {
  for (let at = 0; at < incidentIds.length; at += AT_ONCE) {
    await trx(RETRY)
      .where({ org1, org2 })
      .whereIn('org1_inc_id', incidentIds.slice(at, at + AT_ONCE))
      .delete();
  }
}
