import { parseJson, writeJson } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Intent, NaturalKey } from '../Intent.js';

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

export function fromIntent(intent: Intent, org2: number): IntentRow {
  const { source } = intent;
  return {
    type_name: source.type,
    org1: source.orgId,
    org1_inc_id: source.incidentId,
    org1_type_id: source.objectId,
    org2,
    natural_key: writeJson(intent.naturalKey),
    sent_at_ms: intent.sentAtMs,
    principal: intent.principalId,
    target_inc_id: intent.targetIncidentId ?? null,
    target_task_id: intent.targetTaskId ?? null,
    target_parent_id: intent.targetParentId ?? null,
  };
}
