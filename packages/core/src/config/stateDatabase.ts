/** Where the host keeps its state. */
export type StateDatabase =
  | {
      readonly client: 'sqlite';
      /** Absolute. */
      readonly file: string;
      readonly synchronous: 'FULL' | 'NORMAL';
    }
  | {
      readonly client: 'postgres';
      /** As `pg` understands it; may hold a password. */
      readonly connection: string;
      readonly schema?: string;
      readonly connectTimeoutMs: number;
      readonly statementTimeoutMs: number;
    };

interface StateOptions {
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Reads a path, or a URL of PostgreSQL; `?schema=` of the URL names the schema that holds our tables. */
export function toStateDatabase(text: string, { synchronous, ...timeouts }: StateOptions): StateDatabase {
  if (!isUrl(text)) return { client: 'sqlite', file: text, synchronous };
  const url = new URL(text);
  const schema = url.searchParams.get('schema');
  url.searchParams.delete('schema');
  return { client: 'postgres', connection: url.href, ...(schema === null ? {} : { schema }), ...timeouts };
}

/** The database as people may see it: never with a password. */
export function nameOfStateDatabase(database: StateDatabase): string {
  if (database.client === 'sqlite') return database.file;
  const { host, pathname } = new URL(database.connection);
  return `PostgreSQL ${host}${pathname}`;
}

/** The password of a URL, as it would be sent; `undefined` when there is none. */
export function passwordOf(text: string): string | undefined {
  if (!isUrl(text) || !URL.canParse(text)) return undefined;
  const { password } = new URL(text);
  return password === '' ? undefined : decodeURIComponent(password);
}

function isUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}
