import type { LogFields, Logger } from '@soar-feed/core';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface RecordingLogger extends Logger {
  /** What this logger and its children logged, in order. */
  readonly lines: readonly LogLine[];
  /** The messages of one level. */
  of(level: LogLine['level']): readonly string[];
}

/** A logger for tests that keeps what it is given. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const scoped = (scope: LogFields): RecordingLogger => {
    const at =
      (level: LogLine['level']) =>
      (message: string, fields: LogFields = {}): void => {
        lines.push({ level, message, fields: { ...scope, ...fields } });
      };
    return {
      lines,
      of: (level) => lines.filter((line) => line.level === level).map((line) => line.message),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => scoped({ ...scope, ...fields }),
    };
  };
  return scoped({});
}
