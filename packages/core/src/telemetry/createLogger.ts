import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';
import type { PrettyOptions } from 'pino-pretty';
import type { LogFields, Logger } from '../contract/Logger.js';
import { logValue } from './logValue.js';
import { sharedRedactor } from './redact.js';
import type { Redactor } from './redact.js';

export interface LoggerOptions {
  readonly format: 'json' | 'pretty';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** pretty: every fact of a line below it, and all lines of a message; default: only at level debug. */
  readonly verbose?: boolean;
  /** pretty: in colours; default: if standard output is a terminal. */
  readonly colour?: boolean;
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream;
  /** Where they go too, such as a file: never in colours. */
  readonly also?: { readonly destination: DestinationStream; readonly format: 'json' | 'pretty' };
  /** Default: the process's own, which knows every secret that a configuration read. */
  readonly redactor?: Redactor;
}

/** A logger whose level can change while it is in use; that holds for its children, too. */
export interface LeveledLogger extends Logger {
  setLevel(level: LoggerOptions['level']): void;
}

/**
 * Writes lines with the facts flat beside the sentence: `time` (ISO), `level` (its name), `msg`. Each is written at
 * once, so that the last line before a crash is there.
 */
export function createLogger(options: LoggerOptions): LeveledLogger {
  const redactor = options.redactor ?? sharedRedactor;
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  const first = streamOf(destination, options.format, options, {
    colorize: options.colour ?? (options.destination === undefined && process.stdout.isTTY === true),
    translateTime: 'SYS:HH:MM:ss',
  });
  const lines = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Errors are plain facts by then; pino's own treatment of a field named err would undo that.
      serializers: { err: (value: unknown) => value },
      formatters: { level: (label) => ({ level: label }) },
    },
    options.also === undefined
      ? first
      : pino.multistream([
          { level: 'trace', stream: first },
          { level: 'trace', stream: streamOf(options.also.destination, options.also.format, options, forFiles) },
        ]),
  );
  return new FlatLogger(lines, redactor, {});
}

/** A file is read days later. */
const forFiles: Look = { colorize: false, translateTime: 'SYS:standard' };

type Look = Pick<PrettyOptions, 'colorize' | 'translateTime'>;

function streamOf(
  destination: DestinationStream,
  format: LoggerOptions['format'],
  { level, verbose }: LoggerOptions,
  look: Look,
): DestinationStream {
  if (format === 'json') return destination;
  return pretty({
    destination: writable(destination),
    ...look,
    sync: true,
    ...forPeople(verbose ?? level === 'debug'),
  });
}

/** One line for each event, unless `verbose` wants everything. */
function forPeople(verbose: boolean): Pick<PrettyOptions, 'hideObject' | 'messageFormat'> {
  if (verbose) return {};
  return {
    hideObject: true,
    messageFormat({ msg, feed }) {
      const [first = '', ...more] = String(msg).split('\n');
      const rest = more.length === 0 ? '' : ` (${more.length} more ${more.length === 1 ? 'line' : 'lines'}: --verbose)`;
      return `${typeof feed === 'string' ? `${feed}: ` : ''}${first}${rest}`;
    },
  };
}

/** pino-pretty writes to streams with a callback; a pino destination has none. */
function writable(destination: DestinationStream): NodeJS.WritableStream {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      destination.write(line);
      done();
    },
  });
}

type Level = 'debug' | 'info' | 'warn' | 'error';

/** What pino itself writes on a line: a fact of that name would shadow it. */
const OWN = new Set(['time', 'level', 'msg']);

class FlatLogger implements LeveledLogger {
  constructor(
    private readonly lines: PinoLogger,
    private readonly redactor: Redactor,
    private readonly scope: LogFields,
  ) {}

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  setLevel(level: Level): void {
    this.lines.level = level;
  }

  child(fields: LogFields): Logger {
    return new FlatLogger(this.lines, this.redactor, { ...this.scope, ...fields });
  }

  private write(level: Level, message: string, fields: LogFields = {}): void {
    if (!this.lines.isLevelEnabled(level)) return;
    // Stacks only for a person who debugs: if the log, or the line itself, is at level debug.
    const withStack = this.lines.isLevelEnabled('debug');
    const facts: [string, unknown][] = [];
    for (const [name, value] of Object.entries({ ...this.scope, ...fields })) {
      if (value === undefined) continue;
      const shown = this.redactor.redact(name);
      facts.push([OWN.has(shown) ? `${shown}_` : shown, logValue(value, this.redactor, withStack)]);
    }
    this.lines[level](Object.fromEntries(facts), this.redactor.redact(message));
  }
}
