import type { Columns } from '@soar-feed/store';

/** The key of IBM's table, which the tables of ours have, too. */
export const KEY_COLUMNS = ['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'] as const;

export const KEY_TYPES = {
  org1: 'bigint',
  org1_inc_id: 'bigint',
  type_name: 'text',
  org1_type_id: 'bigint',
  org2: 'bigint',
} as const satisfies Columns;
