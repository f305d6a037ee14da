import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type sqlite3 from 'sqlite3';
import type { Life } from '../virtual/lives.js';
import { currentLife, runIn } from '../virtual/lives.js';
import { machine } from '../virtual/Machine.js';

type Callback = (this: unknown, error: Error | null, result?: unknown) => void;
type Native = sqlite3.Database;

/** The driver that the store itself uses. */
const driver = createRequire(fileURLToPath(import.meta.resolve('@soar-feed/store')))('sqlite3') as typeof sqlite3;
const NativeDatabase = driver.Database;

/** The open connections of each life. */
const open = new Map<Life, Set<Native>>();

/**
 * All statements of the product pass here, one at a time. A dead process has none done; whether a commit happens at its death is
 * for the world to say.
 */
export function gateSqlite(): void {
  class GatedDatabase extends NativeDatabase {
    constructor(file: string, mode?: number | Callback, opened?: Callback) {
      const end = machine().disk.begin();
      const life = currentLife();
      const then = typeof mode === 'function' ? mode : opened;
      const flags = typeof mode === 'number' ? mode : driver.OPEN_READWRITE | driver.OPEN_CREATE;
      super(file, flags, function (this: Native, error: Error | null) {
        end();
        if (life?.dead !== true) runIn(life, () => then?.call(this, error));
      });
      if (life !== undefined) open.set(life, (open.get(life) ?? new Set()).add(this));
    }
  }
  for (const method of ['run', 'all', 'get', 'exec'] as const) gate(GatedDatabase.prototype, method);
  const close = NativeDatabase.prototype.close;
  GatedDatabase.prototype.close = function (this: Native, then?: (error: Error | null) => void) {
    const life = currentLife();
    const own = machine();
    own.disk.add({
      life,
      start: (done) =>
        void close.call(this, (error) => {
          for (const standing of open.values()) standing.delete(this);
          done(() => runIn(life, () => then?.(error)));
        }),
    });
  };
  driver.Database = GatedDatabase;
}

/** Rolls back what a killed process left open, and gives its locks back, as the system does. */
export async function dropConnections(life: Life): Promise<void> {
  for (const connection of open.get(life) ?? []) {
    await new Promise<void>((resolve) => NativeDatabase.prototype.close.call(connection, () => resolve()));
  }
  open.delete(life);
}

/** Reads a database file while no process of the product has it open. Nothing where the table is missing. */
export async function readRows<Row>(file: string, sql: string): Promise<readonly Row[]> {
  const database = await new Promise<Native | undefined>((resolve) => {
    const opened: Native = new NativeDatabase(file, driver.OPEN_READWRITE, (error) =>
      resolve(error === null ? opened : undefined),
    );
  });
  if (database === undefined) return [];
  const rows = await new Promise<readonly Row[]>((resolve) =>
    NativeDatabase.prototype.all.call(database, sql, (error: Error | null, found: unknown[]) =>
      resolve(error === null ? (found as Row[]) : []),
    ),
  );
  await new Promise<void>((resolve) => NativeDatabase.prototype.close.call(database, () => resolve()));
  return rows;
}

function gate(prototype: Native, method: 'run' | 'all' | 'get' | 'exec'): void {
  const native = NativeDatabase.prototype[method] as (this: Native, ...args: unknown[]) => unknown;
  (prototype as unknown as Record<string, unknown>)[method] = function (this: Native, sql: string, ...rest: unknown[]) {
    const then = typeof rest.at(-1) === 'function' ? (rest.pop() as Callback) : undefined;
    const life = currentLife();
    const own = machine();
    own.disk.add({
      life,
      start: (done) => {
        const isCommit = life !== undefined && /^COMMIT/i.test(sql);
        const fault = life === undefined ? undefined : own.diskFault(life, sql);
        if (fault !== undefined) {
          const error = Object.assign(new Error(`${fault}: by the world`), { code: fault });
          return done(() => runIn(life, () => then?.call(this, error)));
        }
        if (isCommit) own.onEffect(life, 'commit', 'before', sql);
        if (life?.dead === true) return done(() => undefined);
        native.call(this, sql, ...rest, function (this: unknown, error: Error | null, result?: unknown) {
          if (isCommit) own.onEffect(life, 'commit', 'after', sql);
          done(() => (life?.dead === true ? undefined : runIn(life, () => then?.call(this, error, result))));
        });
      },
    });
    return this;
  };
}
