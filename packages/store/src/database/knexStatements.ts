import type { Knex } from 'knex';
import { tableOf } from './inSchema.js';
import type { Statement, Statements, Value } from './Statement.js';

interface Answer {
  readonly rowCount: number | null;
  readonly rows: readonly unknown[];
}

/** Statements of PostgreSQL, sent by knex. */
export function knexStatements(knex: Knex): Statements {
  const send = ({ table, postgres }: Statement, values: readonly Value[]): Knex.Raw<Answer> => {
    const rest = [...values];
    const placeholders = postgres.match(/\?\??/g) ?? [];
    const bindings = placeholders.map((one) => (one === '??' ? tableOf(knex, table) : (rest.shift() ?? null)));
    return knex.raw<Answer>(postgres, bindings as readonly Knex.RawBinding[]);
  };
  return {
    run: async (statement, ...values) => (await send(statement, values)).rowCount ?? 0,
    all: async <Row>(statement: Statement, ...values: readonly Value[]) =>
      (await send(statement, values)).rows as readonly Row[],
  };
}
