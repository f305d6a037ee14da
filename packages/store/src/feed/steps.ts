import { tableOf } from '../database/inSchema.js';
import type { MigrationStep } from '../database/migrate.js';

export const PARKED = 'soar_feed_parked';
export const PARKED_RAW = 'soar_feed_parked_raw';
export const SETTLED = 'soar_feed_settled';
export const CHECKPOINTS = 'soar_feed_checkpoints';
export const OUTCOMES = 'soar_feed_outcomes';
export const TOTALS = 'soar_feed_totals';

export const feedSteps: readonly MigrationStep[] = [
  {
    name: 'parked',
    async up(trx) {
      await trx.schema.createTable(PARKED, (table) => {
        table.text('feed').notNullable();
        table.text('object_key').notNullable();
        table.bigInteger('org_id').notNullable();
        table.bigInteger('incident_id').notNullable();
        table.text('object_type').notNullable();
        table.bigInteger('object_id').notNullable();
        table.bigInteger('task_id').nullable();
        table.text('parent').nullable();
        table.text('operation').notNullable();
        table.text('workspace').notNullable();
        table.bigInteger('observed_at').notNullable();
        table.text('stamp_kind').notNullable();
        table.double('stamp_value').notNullable();
        table.text('state').notNullable();
        table.text('waiting_on').nullable();
        table.text('code').nullable();
        table.text('why').notNullable();
        table.bigInteger('revision').notNullable();
        table.bigInteger('place').notNullable();
        table.bigInteger('parked_at').notNullable();
        table.text('payload').nullable();
        table.primary(['feed', 'object_key']);
        table.index(['feed', 'state', 'place'], 'soar_feed_parked_line');
        table.index(['feed', 'waiting_on', 'place'], 'soar_feed_parked_waiting');
        table.index(['feed', 'org_id', 'incident_id'], 'soar_feed_parked_incident');
        table.index(['place'], 'soar_feed_parked_place');
      });
    },
  },
  {
    name: 'parked-raw',
    async up(trx) {
      await trx.schema.createTable(PARKED_RAW, (table) => {
        table.text('message_id').primary();
        table.text('queue').notNullable();
        table.text('headers').notNullable();
        table.text('body').notNullable();
        table.text('code').notNullable();
        table.text('problem').notNullable();
        table.bigInteger('place').notNullable();
        table.bigInteger('parked_at').notNullable();
      });
    },
  },
  {
    name: 'settled',
    async up(trx) {
      await trx.schema.createTable(SETTLED, (table) => {
        table.text('feed').notNullable();
        table.text('object_key').notNullable();
        table.text('event_id').notNullable();
        table.text('outcome').notNullable();
        table.text('stamp_kind').nullable();
        table.double('stamp_value').nullable();
        table.boolean('deleted').notNullable();
        table.bigInteger('settled_at').notNullable();
        table.primary(['feed', 'object_key']);
      });
    },
  },
  {
    name: 'checkpoints',
    async up(trx) {
      await trx.schema.createTable(CHECKPOINTS, (table) => {
        table.text('name').primary();
        table.text('checkpoint').notNullable();
      });
    },
  },
  {
    name: 'outcomes',
    async up(trx) {
      await trx.schema.createTable(OUTCOMES, (table) => {
        table.text('feed').notNullable();
        table.text('event_id').notNullable();
        table.text('object_key').notNullable();
        table.text('outcome').notNullable();
        table.text('reason').nullable();
        table.bigInteger('settled_at').notNullable();
        table.primary(['feed', 'event_id']);
        table.index(['settled_at'], 'soar_feed_outcomes_age');
      });
      await trx.schema.createTable(TOTALS, (table) => {
        table.text('feed').notNullable();
        table.text('outcome').notNullable();
        table.bigInteger('events').notNullable();
        table.primary(['feed', 'outcome']);
      });
      await trx.schema.alterTable(PARKED, (table) => {
        table.text('event_id').nullable();
      });
    },
  },
  {
    name: 'raw-retry',
    async up(trx) {
      await trx.schema.alterTable(PARKED_RAW, (table) => {
        table.boolean('retry').notNullable().defaultTo(false);
      });
    },
  },
  {
    name: 'settled-place',
    async up(trx) {
      await trx.schema.alterTable(SETTLED, (table) => {
        table.bigInteger('org_id').notNullable().defaultTo(0);
        table.bigInteger('incident_id').notNullable().defaultTo(0);
        // 0: belongs to no task. Null: unknown, because it was settled before this column existed.
        table.bigInteger('task_id').nullable();
        table.index(['feed', 'org_id', 'incident_id'], 'soar_feed_settled_incident');
      });
      // A key reads org/incident/type/object.
      const [org, incident] =
        trx.client.config.client === 'pg'
          ? [`split_part(object_key, '/', 1)::bigint`, `split_part(object_key, '/', 2)::bigint`]
          : [`CAST(object_key AS INTEGER)`, `CAST(substr(object_key, instr(object_key, '/') + 1) AS INTEGER)`];
      await trx.raw(`UPDATE ?? SET org_id = ${org}, incident_id = ${incident}`, [tableOf(trx, SETTLED)]);
    },
  },
];
