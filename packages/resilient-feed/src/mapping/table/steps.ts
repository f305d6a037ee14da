import type { MigrationStep } from '@soar-feed/store';
import { GENERATIONS } from './Generation.js';
import { INTENTS } from './IntentRow.js';

/** IBM's table. */
export const SYNC = 'data_feeder_sync';

/** Held, for each object, the event that was parked as undecided. */
const DOUBTS = 'soar_feed_doubts';

/**
 * Makes IBM's v1 table if there is none, then adds our columns beside IBM's. All of ours are nullable, and IBM's feed
 * reads none of them.
 */
export const mappingSteps: readonly MigrationStep[] = [
  {
    name: 'sync-table',
    async up(trx) {
      await trx.raw(`
        CREATE TABLE IF NOT EXISTS ${SYNC} (
          type_name text NOT NULL,
          org1 int NOT NULL,
          org1_inc_id int NOT NULL,
          org1_type_id int NOT NULL,
          org2 int NOT NULL,
          org2_inc_id int,
          org2_type_id int,
          last_sync timestamp,
          status text NOT NULL,
          PRIMARY KEY (org1, org1_inc_id, type_name, org1_type_id, org2)
        )`);
      await trx.schema.alterTable(SYNC, (table) => {
        table.text('soar_feed_digests').nullable();
        table.bigInteger('soar_feed_version').nullable();
        table.text('soar_feed_flags').nullable();
        table.bigInteger('soar_feed_task').nullable();
        table.text('soar_feed_extra').nullable();
        table.bigInteger('soar_feed_verified').nullable();
      });
    },
  },
  {
    name: 'intents',
    async up(trx) {
      await trx.schema.createTable(INTENTS, (table) => {
        table.text('type_name').notNullable();
        table.bigInteger('org1').notNullable();
        table.bigInteger('org1_inc_id').notNullable();
        table.bigInteger('org1_type_id').notNullable();
        table.bigInteger('org2').notNullable();
        table.text('natural_key').notNullable();
        table.bigInteger('sent_at_ms').notNullable();
        table.bigInteger('principal').notNullable();
        table.bigInteger('target_inc_id').nullable();
        table.bigInteger('target_task_id').nullable();
        table.bigInteger('target_parent_id').nullable();
        table.primary(['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2']);
      });
    },
  },
  {
    name: 'target-index',
    async up(trx) {
      // Finds the mapped objects of a target incident. IBM's v2 has an index that serves, v1 has none.
      await trx.schema.alterTable(SYNC, (table) =>
        table.index(['org2', 'org2_inc_id', 'type_name'], 'soar_feed_target'),
      );
    },
  },
  {
    name: 'synced',
    async up(trx) {
      // IBM's upsert leaves our columns alone, so only its `last_sync` shows that it changed the row.
      await trx.schema.alterTable(SYNC, (table) => table.specificType('soar_feed_synced', 'timestamp').nullable());
      await trx(SYNC)
        .whereNotNull('soar_feed_verified')
        .update({ soar_feed_synced: trx.ref('last_sync') });
    },
  },
  {
    name: 'doubts',
    async up(trx) {
      await trx.schema.createTable(DOUBTS, (table) => {
        table.text('type_name').notNullable();
        table.bigInteger('org1').notNullable();
        table.bigInteger('org1_inc_id').notNullable();
        table.bigInteger('org1_type_id').notNullable();
        table.bigInteger('org2').notNullable();
        table.text('event_id').notNullable();
        table.primary(['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2']);
      });
    },
  },
  {
    name: 'generations',
    async up(trx) {
      await trx.schema.createTable(GENERATIONS, (table) => {
        table.bigInteger('org2').primary();
        table.bigInteger('commits').notNullable();
      });
    },
  },
  {
    // A person's decision comes with the event.
    name: 'no-doubts',
    async up(trx) {
      await trx.schema.dropTable(DOUBTS);
    },
  },
];
