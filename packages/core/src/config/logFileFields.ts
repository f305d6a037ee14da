import { dirname, isAbsolute, resolve } from 'node:path';
import { field } from './field.js';

/** IBM's default folder, where the file names only `logfile`. */
const DEFAULT_FOLDER = 'logs';

/** The keys of `[resilient]` that keep the log in a file. Names, defaults and limits are IBM's. */
export const logFileFields = {
  logdir: field
    .path({
      doc: 'Folder of the log file; default: $APP_LOG_DIR, or logs. Without logdir and logfile, the log goes to standard output only.',
    })
    .optional(),
  logfile: field.text({ doc: 'Log file in logdir, beside standard output; default: app.log.' }).optional(),
  log_max_bytes: field
    .bytes({ doc: 'The log file is rotated before it becomes larger; 0, or at least 100000.' })
    .refine((bytes) => bytes === 0 || bytes >= 100_000, 'is too small; accepted: 0 (never rotated), or at least 100000')
    .default(10_000_000),
  log_backup_count: field
    .integer({ min: 0, max: 1000, doc: 'Rotated log files to keep: app.log.1 is the youngest; 0: never rotated.' })
    .default(10),
};

export interface LogFileSettings {
  /** Absolute. */
  readonly file: string;
  /** Its folder. */
  readonly folder: string;
  /** The key that names the folder. */
  readonly key: 'logdir' | 'logfile';
  /** Nobody named the folder: so it is made, which could otherwise hide a slip. */
  readonly makeFolder: boolean;
  /** 0: never rotated. */
  readonly maxBytes: number;
  /** 0: never rotated. */
  readonly backups: number;
}

interface LogFileSection {
  readonly logdir?: string | undefined;
  readonly logfile?: string | undefined;
  readonly log_max_bytes: number;
  readonly log_backup_count: number;
}

/** `undefined` if neither folder nor file is named. `base` is the folder of the config file. */
export function toLogFileSettings(section: LogFileSection, base: string): LogFileSettings | undefined {
  const { logdir, logfile } = section;
  if (logdir === undefined && logfile === undefined) return undefined;
  const name = logfile ?? 'app.log';
  const file = resolve(logdir ?? resolve(base, DEFAULT_FOLDER), name);
  return {
    file,
    folder: dirname(file),
    key: logdir === undefined || isAbsolute(name) ? 'logfile' : 'logdir',
    makeFolder: logdir === undefined && dirname(file) === resolve(base, DEFAULT_FOLDER),
    maxBytes: section.log_max_bytes,
    backups: section.log_backup_count,
  };
}
