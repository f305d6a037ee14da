import { createLogger } from '@soar-feed/core/runtime';
import type { LeveledLogger, LoggerOptions } from '@soar-feed/core/runtime';
import type { GlobalArgs } from './globalOptions.js';
import type { RotatingFile } from './log/RotatingFile.js';
import type { Terminal } from './output/Terminal.js';

/** The log as the command line asks for it: readable on a terminal, JSON in a pipe and in `file`. */
export function loggerFor(
  { logFormat, logLevel, verbose }: GlobalArgs,
  terminal: Terminal,
  otherwise: Pick<LoggerOptions, 'level' | 'redactor'>,
  file?: RotatingFile,
): LeveledLogger {
  return createLogger({
    ...otherwise,
    level: logLevel ?? otherwise.level,
    format: logFormat ?? (terminal.isInteractive ? 'pretty' : 'json'),
    ...(verbose === true ? { verbose } : {}),
    colour: wantsColour(terminal, process.env),
    destination: { write: (line: string) => terminal.write(line) },
    ...(file === undefined ? {} : { also: { destination: file, format: logFormat ?? 'json' } }),
  });
}

/** See https://no-color.org and https://force-color.org. */
export function wantsColour(terminal: Pick<Terminal, 'isInteractive'>, env: Readonly<NodeJS.ProcessEnv>): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force, TERM: term } = env;
  if (no !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return terminal.isInteractive && term !== 'dumb';
}
