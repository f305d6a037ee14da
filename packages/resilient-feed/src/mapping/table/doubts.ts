import type { ObjectKey } from '@soar-feed/core';
import type { Knex } from 'knex';

/** For each object, the event that was parked as undecided. */
export const DOUBTS = 'soar_feed_doubts';

/** Columns are named as in IBM's table. */
interface DoubtRow {
  readonly type_name: string;
  readonly org1: number;
  readonly org1_inc_id: number;
  readonly org1_type_id: number;
  readonly org2: number;
  readonly event_id: string;
}

export async function doubtOf(knex: Knex, source: ObjectKey, org2: number): Promise<string | undefined> {
  const rows: readonly Pick<DoubtRow, 'event_id'>[] = await knex<DoubtRow>(DOUBTS).where(keyOf(source, org2));
  return rows[0]?.event_id;
}

export async function putDoubt(trx: Knex, source: ObjectKey, org2: number, eventId: string): Promise<void> {
  await trx<DoubtRow>(DOUBTS)
    .insert({ ...keyOf(source, org2), event_id: eventId })
    .onConflict(['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'])
    .merge();
}

function keyOf({ type, orgId, incidentId, objectId }: ObjectKey, org2: number) {
  return { type_name: type, org1: orgId, org1_inc_id: incidentId, org1_type_id: objectId, org2 };
}
