import type { Logger } from '@soar-feed/core';
import { createLogger } from '@soar-feed/core/runtime';
import type { LoggerOptions } from '@soar-feed/core/runtime';
import type { GlobalArgs } from './globalOptions.js';
import type { Terminal } from './output/Terminal.js';

/** The log as the command line wants it: for people on a terminal, for machines in a pipe. */
export function loggerFor(
  { logFormat, logLevel }: GlobalArgs,
  terminal: Terminal,
  otherwise: Pick<LoggerOptions, 'level' | 'redactor'>,
): Logger {
  return createLogger({
    ...otherwise,
    level: logLevel ?? otherwise.level,
    format: logFormat ?? (terminal.isInteractive ? 'pretty' : 'json'),
    destination: { write: (line: string) => terminal.write(line) },
  });
}
