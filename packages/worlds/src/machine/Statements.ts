import type sqlite3 from 'sqlite3';

type Callback = (this: unknown, error: Error | null, result?: unknown) => void;
type Driver = typeof sqlite3;
type Method = 'run' | 'all' | 'get' | 'exec';

/** The statements of one connection, prepared once: the driver hands a statement to its threads once instead of twice. */
export class Statements {
  private readonly prepared = new Map<string, sqlite3.Statement>();
  /** `BEGIN` takes no lock before the first statement, so it waits for that. */
  private begin: string | undefined;

  constructor(
    private readonly driver: Driver,
    /** Not that of the connection, which leads here. */
    private readonly exec: sqlite3.Database['exec'],
    private readonly connection: sqlite3.Database,
  ) {}

  /** A transaction in which nothing happens needs no database. `false`: the statement must be done. */
  isNothing(sql: string): boolean {
    if (/^BEGIN;?$/.test(sql)) {
      this.begin = sql;
      return true;
    }
    if (this.begin === undefined || !/^(COMMIT|ROLLBACK);?$/.test(sql)) return false;
    this.begin = undefined;
    return true;
  }

  do(method: Method, sql: string, values: readonly unknown[], then: Callback): void {
    const { begin } = this;
    this.begin = undefined;
    if (begin === undefined) return this.perform(method, sql, values, then);
    this.perform('run', begin, [], (error) =>
      error === null ? this.perform(method, sql, values, then) : then.call(undefined, error),
    );
  }

  /** A connection with statements cannot be closed. */
  forget(): void {
    for (const statement of this.prepared.values()) statement.finalize();
    this.prepared.clear();
  }

  private perform(method: Method, sql: string, values: readonly unknown[], then: Callback): void {
    if (method === 'exec') return void this.exec.call(this.connection, sql, then);
    const statement = this.prepared.get(sql) ?? this.prepare(sql, then);
    this.prepared.set(sql, statement);
    const over = (self: unknown, error: Error | null, result?: unknown): void => {
      if (error !== null) this.evict(sql, statement);
      then.call(self, error, result);
    };
    (statement[method] as (...args: unknown[]) => unknown)(
      ...values,
      function (this: unknown, error: Error | null, result?: unknown) {
        over(this, error, result);
      },
    );
  }

  private prepare(sql: string, then: Callback): sqlite3.Statement {
    const Statement = this.driver.Statement as unknown as new (
      connection: sqlite3.Database,
      sql: string,
      failed: (error: Error | null) => void,
    ) => sqlite3.Statement;
    return new Statement(this.connection, sql, (error) => {
      if (error === null) return;
      this.prepared.delete(sql);
      then.call(undefined, error);
    });
  }

  private evict(sql: string, statement: sqlite3.Statement): void {
    this.prepared.delete(sql);
    statement.finalize();
  }
}
