import type { Dialect, Kind } from '../dialects/Dialect.js';

/** What the engines spell differently in a view. Times are UTC in all of them. */
export interface Spelling {
  readonly create: 'CREATE OR REPLACE VIEW' | 'CREATE OR ALTER VIEW' | 'CREATE VIEW';
  readonly now: string;
  /** Seconds between two times, with a fraction. */
  seconds(from: string, to: string): string;
  day(time: string): string;
  /** In place of a column that is not there. */
  nothing(kind: 'label' | 'datetime' | 'integer'): string;
  isNotFalse(column: string): string;
}

type Casts = Readonly<Record<'label' | 'datetime' | 'integer', string>>;

const cast =
  (types: Casts) =>
  (kind: keyof Casts): string =>
    `CAST(NULL AS ${types[kind]})`;

const isNotZero = (column: string): string => `(${column} IS NULL OR ${column} <> 0)`;

export const spellings: Readonly<Record<Dialect['name'], Spelling>> = {
  sqlite: {
    create: 'CREATE VIEW',
    now: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    seconds: (from, to) => `ROUND((julianday(${to}) - julianday(${from})) * 86400.0, 3)`,
    day: (time) => `date(${time})`,
    nothing: () => 'NULL',
    isNotFalse: isNotZero,
  },
  postgres: {
    create: 'CREATE OR REPLACE VIEW',
    now: 'now()',
    seconds: (from, to) => `CAST(EXTRACT(EPOCH FROM (${to} - ${from})) AS double precision)`,
    day: (time) => `CAST(${time} AT TIME ZONE 'UTC' AS date)`,
    nothing: cast({ label: 'text', datetime: 'timestamptz(3)', integer: 'bigint' }),
    isNotFalse: (column) => `${column} IS NOT FALSE`,
  },
  mysql: {
    create: 'CREATE OR REPLACE VIEW',
    now: 'UTC_TIMESTAMP(3)',
    seconds: (from, to) => `TIMESTAMPDIFF(MICROSECOND, ${from}, ${to}) / 1000000.0`,
    day: (time) => `DATE(${time})`,
    nothing: cast({ label: 'CHAR', datetime: 'DATETIME(3)', integer: 'SIGNED' }),
    isNotFalse: isNotZero,
  },
  mssql: {
    create: 'CREATE OR ALTER VIEW',
    now: 'SYSUTCDATETIME()',
    seconds: (from, to) => `DATEDIFF_BIG(millisecond, ${from}, ${to}) / 1000.0`,
    day: (time) => `CAST(${time} AS date)`,
    nothing: cast({ label: 'nvarchar(max)', datetime: 'datetime2(3)', integer: 'bigint' }),
    isNotFalse: isNotZero,
  },
  oracle: {
    create: 'CREATE OR REPLACE VIEW',
    now: 'SYS_EXTRACT_UTC(SYSTIMESTAMP)',
    seconds: (from, to) => `(CAST(${to} AS DATE) - CAST(${from} AS DATE)) * 86400`,
    day: (time) => `TRUNC(CAST(${time} AS DATE))`,
    nothing: cast({ label: 'VARCHAR2(4000)', datetime: 'TIMESTAMP(3)', integer: 'NUMBER(19)' }),
    isNotFalse: isNotZero,
  },
};

export function isTime(kind: Kind): boolean {
  return kind === 'datetime' || kind === 'date';
}

/** As SQL text; a question mark must not become a binding. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
}
