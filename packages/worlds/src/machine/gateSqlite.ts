import type sqlite3 from 'sqlite3';
import type { DiskWork } from '../virtual/DiskQueue.js';
import type { Life } from '../virtual/lives.js';
import { currentLife, runIn } from '../virtual/lives.js';
import { machine } from '../virtual/Machine.js';
import { driver, NativeDatabase } from './driver.js';
import { Statements } from './Statements.js';

type Callback = (this: unknown, error: Error | null, result?: unknown) => void;
type Native = sqlite3.Database;

const { exec } = NativeDatabase.prototype;

const statementsOf = new WeakMap<Native, Statements>();

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
      statementsOf.set(this, new Statements(driver, exec, this));
      if (life !== undefined) open.set(life, (open.get(life) ?? new Set()).add(this));
    }
  }
  for (const method of ['run', 'all', 'get', 'exec'] as const) gate(GatedDatabase.prototype, method);
  // A statement that the product prepares goes the same way as any other; `Statements` prepares it in fact.
  GatedDatabase.prototype.prepare = function (this: Native, sql: string, ...rest: unknown[]) {
    const then = rest.at(-1) as Callback | undefined;
    const life = currentLife();
    queueMicrotask(() => (life?.dead === true ? undefined : runIn(life, () => then?.call(this, null))));
    const send = (method: 'run' | 'all') => (values: unknown, done: Callback) => this[method](sql, values, done);
    return { run: send('run'), all: send('all'), finalize: () => undefined } as unknown as sqlite3.Statement;
  };
  const close = NativeDatabase.prototype.close;
  GatedDatabase.prototype.close = function (this: Native, then?: (error: Error | null) => void) {
    const life = currentLife();
    const own = machine();
    own.disk.add({
      life,
      start: (done) => {
        statementsOf.get(this)?.forget();
        close.call(this, (error) => {
          for (const standing of open.values()) standing.delete(this);
          done(() => runIn(life, () => then?.(error)));
        });
      },
    });
  };
  driver.Database = GatedDatabase;
}

/** Rolls back what a killed process left open, and gives its locks back, as the system does. */
export async function dropConnections(life: Life): Promise<void> {
  for (const connection of open.get(life) ?? []) {
    statementsOf.get(connection)?.forget();
    await new Promise<void>((resolve) => NativeDatabase.prototype.close.call(connection, () => resolve()));
  }
  open.delete(life);
}

function gate(prototype: Native, method: 'run' | 'all' | 'get' | 'exec'): void {
  (prototype as unknown as Record<string, unknown>)[method] = function (this: Native, sql: string, ...rest: unknown[]) {
    const then = typeof rest.at(-1) === 'function' ? (rest.pop() as Callback) : undefined;
    const life = currentLife();
    const own = machine();
    const work: DiskWork = {
      life,
      start: (done) => {
        const statements = statementsOf.get(this) as Statements;
        if (statements.isNothing(sql)) return done(() => runIn(life, () => then?.call(this, null, [])));
        const isCommit = life !== undefined && /^COMMIT/i.test(sql);
        const fault = life === undefined ? undefined : own.diskFault(life, sql);
        const refusal = fault && Object.assign(new Error(`${fault.code}: by the world`), { code: fault.code });
        if (refusal !== undefined && !(fault?.done === true && isCommit))
          return done(() => runIn(life, () => then?.call(this, refusal)));
        if (isCommit) own.onEffect(life, 'commit', 'before', sql);
        if (life?.dead === true) return done(() => undefined);
        statements.do(method, sql, rest, function (this: unknown, error: Error | null, result?: unknown) {
          if (isCommit) own.onEffect(life, 'commit', 'after', sql);
          done(() => (life?.dead === true ? undefined : runIn(life, () => then?.call(this, refusal ?? error, result))));
        });
      },
    };
    // A transaction that a standstill found open would lock the successor out.
    const isStill = (life?.wakesAtMs ?? 0) > own.time.nowMs && /^BEGIN/i.test(sql);
    if (life !== undefined && (own.diskDelayMs > 0 || isStill))
      own.time.after(own.diskDelayMs, life, () => own.disk.add(work));
    else own.disk.add(work);
    return this;
  };
}
