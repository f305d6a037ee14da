import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Method = (this: { readonly sql: string }, ...values: unknown[]) => unknown;

/** The driver of the packages beside this one, which may be those of another commit. */
const store = fileURLToPath(new URL('../../store/dist/index.js', import.meta.url));

/** Counts the commits of this process in SQLite, which `FULL` flushes to the disk one by one. */
export class Commits {
  private count = 0;

  static watch(): Commits {
    const commits = new Commits();
    const { Statement } = createRequire(store)('sqlite3') as { readonly Statement: { readonly prototype: object } };
    const prototype = Statement.prototype as Record<string, Method>;
    for (const name of ['run', 'all', 'get']) {
      const original = prototype[name] as Method;
      prototype[name] = function (...values) {
        if (/^\s*COMMIT/i.test(this.sql)) commits.count += 1;
        return original.apply(this, values);
      };
    }
    return commits;
  }

  /** Since it was last asked. */
  take(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}
