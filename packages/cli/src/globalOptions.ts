import type { Argv } from 'yargs';

const LOG_FORMATS = ['json', 'pretty'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Options of every command. */
export interface GlobalArgs {
  readonly config?: string | undefined;
  readonly logFormat?: (typeof LOG_FORMATS)[number] | undefined;
  readonly verbose?: boolean | undefined;
  readonly logLevel?: (typeof LOG_LEVELS)[number] | undefined;
}

export function withGlobalOptions<T>(yargs: Argv<T>): Argv<T & GlobalArgs> {
  return yargs
    .option('config', {
      alias: 'c',
      type: 'string',
      global: true,
      requiresArg: true,
      description: 'The app.config; default $APP_CONFIG_FILE, ./app.config, ~/.resilient/app.config',
    })
    .option('log-format', {
      choices: LOG_FORMATS,
      global: true,
      requiresArg: true,
      description: 'Default pretty on a terminal, json when piped',
    })
    .option('verbose', {
      type: 'boolean',
      global: true,
      description: 'Pretty log: show every field of a line, not only its sentence',
    })
    .option('log-level', {
      choices: LOG_LEVELS,
      global: true,
      requiresArg: true,
      description: 'Default: [resilient] loglevel',
    }) as Argv<T & GlobalArgs>;
}
