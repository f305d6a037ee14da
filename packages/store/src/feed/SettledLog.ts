import { keyText, surroundings } from '@soar-feed/core';
import type { Settlement } from '@soar-feed/core';
import { rowsStatement, rowsText } from '../database/Statement.js';
import type { Columns, Statement, Statements, Value } from '../database/Statement.js';
import { SETTLED } from './steps.js';

/** A settlement's row, and how it meets the one that stands. */
interface Settled {
  readonly how: Statement;
  readonly name: string;
  readonly row: readonly Value[];
}

/**
 * What was applied in one transaction, written at its end with one statement per kind. A stamp goes back only if the
 * source's database did; if stamps are not comparable, the later settlement wins. An event that was superseded, or dropped
 * by a person, was not applied: it does not change an existing row.
 */
export class SettledLog {
  #settled: Settled[] = [];

  /** A transaction begins; discards what a rolled-back one collected. */
  begin(): void {
    this.#settled = [];
  }

  record(settlement: Settlement): void {
    const { feed, key, eventId, outcome, stamp, deleted } = settlement;
    const applied = outcome === 'delivered' || outcome === 'skipped';
    const how = settlement.setsBack === true ? RECORD.setBack : RECORD.applied;
    const row = [
      ...[feed, keyText(key), eventId, outcome],
      ...(applied && stamp !== undefined ? [stamp.kind, stamp.value] : [null, null]),
      ...[applied && deleted, surroundings().now()],
      ...[key.orgId, key.incidentId, settlement.taskId ?? 0],
    ];
    this.#settled.push({ how: applied ? how : RECORD.notApplied, name: JSON.stringify([feed, keyText(key)]), row });
  }

  /** Writes what was collected, inside its transaction. */
  async end(statements: Statements): Promise<void> {
    let batch: Settled[] = [];
    const names = new Set<string>();
    const write = async (): Promise<void> => {
      const [first] = batch;
      if (first === undefined) return;
      await statements.run(first.how, rowsText(batch.map(({ row }) => row)));
      batch = [];
      names.clear();
    };
    for (const one of this.#settled) {
      // PostgreSQL changes a row once per statement, and the order of one object's settlements counts.
      if (names.has(one.name) || (batch[0] !== undefined && batch[0].how !== one.how)) await write();
      batch.push(one);
      names.add(one.name);
    }
    await write();
  }
}

const COLUMNS: Columns = {
  ...{ feed: 'text', object_key: 'text', event_id: 'text', outcome: 'text' },
  ...{ stamp_kind: 'text', stamp_value: 'double precision', deleted: 'boolean', settled_at: 'bigint' },
  ...{ org_id: 'bigint', incident_id: 'bigint', task_id: 'bigint' },
};

function recording(onConflict: string): Statement {
  const names = Object.keys(COLUMNS).join(', ');
  return rowsStatement(
    SETTLED,
    COLUMNS,
    (rows) => `INSERT INTO ?? AS standing (${names}) ${rows} ON CONFLICT (feed, object_key) ${onConflict}`,
  );
}

const OLDER = `(excluded.stamp_kind = standing.stamp_kind AND excluded.stamp_value < standing.stamp_value)`;

const UPDATE = `DO UPDATE SET
    task_id = CASE WHEN excluded.task_id > 0 THEN excluded.task_id ELSE coalesce(standing.task_id, 0) END,
    event_id = excluded.event_id, outcome = excluded.outcome, settled_at = excluded.settled_at`;

const RECORD = {
  applied: recording(`${UPDATE},
    deleted = CASE WHEN ${OLDER} AND NOT excluded.deleted THEN standing.deleted ELSE excluded.deleted END,
    stamp_kind = CASE WHEN ${OLDER} THEN standing.stamp_kind ELSE coalesce(excluded.stamp_kind, standing.stamp_kind) END,
    stamp_value = CASE WHEN ${OLDER} THEN standing.stamp_value ELSE coalesce(excluded.stamp_value, standing.stamp_value) END`),
  setBack: recording(`${UPDATE},
    deleted = excluded.deleted,
    stamp_kind = coalesce(excluded.stamp_kind, standing.stamp_kind),
    stamp_value = coalesce(excluded.stamp_value, standing.stamp_value)`),
  notApplied: recording('DO NOTHING'),
};
