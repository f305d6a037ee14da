import type { Statement, Statements, Value } from './Statement.js';

type Done = (this: { readonly changes?: number }, error: Error | null, rows?: readonly unknown[]) => void;

/** What of `sqlite3` is used here. */
interface Prepared {
  run(values: readonly Value[], done: Done): void;
  all(values: readonly Value[], done: Done): void;
  finalize(): void;
}

export interface SqliteConnection {
  exec(sql: string, done: (error: (Error & { readonly code?: string }) | null) => void): void;
  prepare(sql: string, done: (error: Error | null) => void): Prepared;
  close(done: (error: Error | null) => void): void;
}

const known = new WeakMap<SqliteConnection, SqliteStatements>();

/** The statements of one connection, each prepared when it is first needed. */
export class SqliteStatements implements Statements {
  private readonly prepared = new Map<string, Promise<Prepared>>();

  static of(connection: SqliteConnection): SqliteStatements {
    let statements = known.get(connection);
    if (statements === undefined) known.set(connection, (statements = new SqliteStatements(connection)));
    return statements;
  }

  private constructor(private readonly connection: SqliteConnection) {
    const { close } = connection;
    // SQLite closes no connection that has statements.
    connection.close = (done) => {
      void this.forget().then(() => close.call(connection, done));
    };
  }

  run({ sqlite }: Statement, ...values: readonly Value[]): Promise<number> {
    return this.perform(sqlite, (prepared, resolve, reject) =>
      prepared.run(values, function (error) {
        if (error === null) resolve(this.changes ?? 0);
        else reject(error);
      }),
    );
  }

  all<Row>({ sqlite }: Statement, ...values: readonly Value[]): Promise<readonly Row[]> {
    return this.perform(sqlite, (prepared, resolve, reject) =>
      prepared.all(values, (error, rows) => {
        if (error === null) resolve((rows ?? []) as readonly Row[]);
        else reject(error);
      }),
    );
  }

  private async perform<T>(
    sql: string,
    work: (prepared: Prepared, resolve: (result: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    const preparing = this.prepared.get(sql) ?? this.prepare(sql);
    const prepared = await preparing;
    try {
      return await new Promise<T>((resolve, reject) => work(prepared, resolve, reject));
    } catch (error) {
      // What was refused once may be stale.
      if (this.prepared.get(sql) === preparing) this.prepared.delete(sql);
      prepared.finalize();
      throw error;
    }
  }

  private prepare(sql: string): Promise<Prepared> {
    const preparing = new Promise<Prepared>((resolve, reject) => {
      const prepared = this.connection.prepare(sql, (error) => {
        if (error === null) resolve(prepared);
        else reject(error);
      });
    });
    this.prepared.set(sql, preparing);
    preparing.catch(() => this.prepared.delete(sql));
    return preparing;
  }

  private async forget(): Promise<void> {
    const all = [...this.prepared.values()];
    this.prepared.clear();
    for (const prepared of await Promise.allSettled(all))
      if (prepared.status === 'fulfilled') prepared.value.finalize();
  }
}
