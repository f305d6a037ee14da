import sqlite3 from 'sqlite3';

/**
 * One connection to a SQLite file. It uses the driver itself, since the oracle must not look through the host's own
 * code.
 */
export class SqliteFile {
  private constructor(private readonly connection: sqlite3.Database) {}

  static async open(file: string, mode: 'read' | 'write'): Promise<SqliteFile> {
    const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE;
    const connection = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened = new sqlite3.Database(file, flags, (error) => (error === null ? resolve(opened) : reject(error)));
    });
    connection.configure('busyTimeout', 10_000);
    return new SqliteFile(connection);
  }

  async all<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return new Promise((resolve, reject) =>
      this.connection.all<Row>(sql, [...values], (error, rows) => (error === null ? resolve(rows) : reject(error))),
    );
  }

  async run(sql: string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.connection.exec(sql, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  async has(table: string): Promise<boolean> {
    return (await this.all('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?', ['table', table])).length > 0;
  }

  async close(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.connection.close((error) => (error === null ? resolve() : reject(error))),
    );
  }
}
