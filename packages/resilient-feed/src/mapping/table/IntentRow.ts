import { parseJson, writeJson } from '@soar-feed/core';
import type { Columns, Value } from '@soar-feed/store';
import type { Knex } from 'knex';
import type { Intent, NaturalKey } from '../Intent.js';
import { KEY_TYPES } from './syncKey.js';

export const INTENTS = 'soar_feed_intents';

/** Columns are named as in IBM's table, so that one key finds both. */
export interface IntentRow {
  readonly type_name: string;
  readonly org1: number;
  readonly org1_inc_id: number;
  readonly org1_type_id: number;
  readonly org2: number;
  /** JSON of the natural key. */
  readonly natural_key: string;
  readonly sent_at_ms: number;
  readonly principal: number;
  readonly target_inc_id: number | null;
  readonly target_task_id: number | null;
  readonly target_parent_id: number | null;
}

/** The open creates of this target organization. */
export async function intentsIn(knex: Knex, org2: number): Promise<readonly Intent[]> {
  return (await knex<IntentRow>(INTENTS).where({ org2 })).map(toIntent);
}

function toIntent(row: IntentRow): Intent {
  return {
    source: {
      orgId: Number(row.org1),
      incidentId: Number(row.org1_inc_id),
      type: row.type_name,
      objectId: Number(row.org1_type_id),
    },
    naturalKey: parseJson(row.natural_key) as NaturalKey,
    sentAtMs: Number(row.sent_at_ms),
    principalId: Number(row.principal),
    ...(row.target_inc_id === null ? {} : { targetIncidentId: Number(row.target_inc_id) }),
    ...(row.target_task_id === null ? {} : { targetTaskId: Number(row.target_task_id) }),
    ...(row.target_parent_id === null ? {} : { targetParentId: Number(row.target_parent_id) }),
  };
}

/** In the order of `intentValues`. */
export const INTENT_COLUMNS: Columns = {
  ...KEY_TYPES,
  natural_key: 'text',
  sent_at_ms: 'bigint',
  principal: 'bigint',
  target_inc_id: 'bigint',
  target_task_id: 'bigint',
  target_parent_id: 'bigint',
};

export function intentValues(intent: Intent, org2: number): readonly Value[] {
  const { source } = intent;
  return [
    ...[source.orgId, source.incidentId, source.type, source.objectId, org2],
    ...[writeJson(intent.naturalKey), intent.sentAtMs, intent.principalId],
    ...[intent.targetIncidentId ?? null, intent.targetTaskId ?? null, intent.targetParentId ?? null],
  ];
}
