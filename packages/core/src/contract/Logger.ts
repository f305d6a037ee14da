/** Facts beside a log line. Never a secret, never a payload. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log: a sentence and its facts. `error` only when a person must act; per-event lines are `debug`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}
