import type { SoarConnection, StompConnection } from '@soar-feed/soar-client';
import { z } from 'zod';
import { connectionFields, defined, toConnection, withConnectionRules } from './connectionFields.js';
import { field } from './field.js';
import { secretFields } from './secretSourcesOf.js';
import { logFileFields, toLogFileSettings } from './logFileFields.js';
import type { LogFileSettings } from './logFileFields.js';

const LOG_LEVELS = ['debug', 'info', 'warning', 'warn', 'error', 'critical'] as const;

/** The `[resilient]` section: the source organization. Defaults are IBM's where IBM has one. */
export const resilientSection = withConnectionRules(
  z.object({
    ...connectionFields,
    resource_prefix: field
      .text({ doc: 'Path before /rest, as Cloud Pak for Security has it; default: $RESOURCE_PREFIX.' })
      .optional(),
    stomp_host: field.text({ doc: 'Server name of the message broker; default: host.' }).optional(),
    stomp_port: field.integer({ min: 1, max: 65_535, doc: 'Port of the message broker.' }).default(65_001),
    stomp_cafile: field.pathOrFalse({ doc: 'As cafile, for the message broker; default: cafile.' }).optional(),
    stomp_timeout: field
      .duration({ min: 1000, doc: 'Longest wait for an answer of the broker to a connection.' })
      .default(60_000),
    max_message: field
      .bytes({ doc: 'Largest message body; of a larger one, the beginning is parked as a raw message.' })
      .default(32 * 1024 * 1024),
    stomp_prefetch_limit: field
      .integer({
        min: 1,
        max: 2000,
        doc: 'Messages that the broker sends before it waits for acknowledgements; default: num_workers.',
      })
      .optional(),
    stomp: field.flag({ doc: 'false turns the queue off: only reloads run.' }).default(true),
    num_workers: field.integer({ min: 1, max: 2000, doc: 'Default of stomp_prefetch_limit.' }).default(25),
    loglevel: field
      .choice(LOG_LEVELS, { doc: 'Lowest level that is logged; default: $LOGLEVEL, or info.' })
      .default('info'),
    ...logFileFields,
    ...secretFields,
  }),
);

/** Keys of IBM's that may make a person wait for something that does not come, each with what is true here. */
export const POINTLESS_RESILIENT_KEYS: ReadonlyMap<string, string> = new Map([
  ['log_http_responses', 'has no effect here: what requests and answers hold is never logged'],
  ['ignore_message_failure', 'has no effect here: what cannot be understood is parked as it came, then acknowledged'],
]);

/**
 * Keys of IBM's that need no answer here, listed so that nobody is warned about them: retries and thread pools of its
 * runtime, components, test aids.
 */
export const IGNORED_RESILIENT_KEYS: readonly string[] = [
  ...['stomp_max_retries', 'stomp_timer_interval', 'stomp_max_connection_errors', 'heartbeat_timeout_threshold'],
  ...['max_connection_retries', 'cache_ttl', 'componentsdir', 'noload', 'no_prompt_password', 'trap_exception'],
  ...['selftest_timeout', 'pam_type', 'rc_use_persistent_sessions', 'low_code_queues_list'],
  ...['test_actions', 'test_host', 'test_port', 'resilient_mock', 'multitenancy', 'multi_org_function_json'],
];

/** Keys that the environment may give where the file does not, as in IBM's runtime. */
export const RESILIENT_ENVIRONMENT: Readonly<Record<string, string>> = {
  resource_prefix: 'RESOURCE_PREFIX',
  loglevel: 'LOGLEVEL',
  logdir: 'APP_LOG_DIR',
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The settings of the source organization, as the code uses them. */
export interface ResilientSettings {
  /** REST, and the queue under `stomp`. */
  readonly connection: SoarConnection & { readonly stomp: StompConnection };
  /** `false`: no queue, only reloads. */
  readonly stompEnabled: boolean;
  readonly logLevel: LogLevel;
  /** Absent: the log goes to standard output only. */
  readonly logFile?: LogFileSettings;
}

/** `folder` is that of the config file. */
export function toResilientSettings(section: z.output<typeof resilientSection>, folder: string): ResilientSettings {
  return {
    connection: {
      ...toConnection(section),
      stomp: {
        ...defined({ host: section.stomp_host, cafile: section.stomp_cafile }),
        port: section.stomp_port,
        prefetch: section.stomp_prefetch_limit ?? section.num_workers,
        connectTimeoutMs: section.stomp_timeout,
        maxMessageBytes: section.max_message,
      },
    },
    stompEnabled: section.stomp,
    logLevel: toLogLevel(section.loglevel),
    ...defined({ logFile: toLogFileSettings(section, folder) }),
  };
}

/** Python's names of levels. */
function toLogLevel(level: (typeof LOG_LEVELS)[number]): LogLevel {
  if (level === 'warning') return 'warn';
  return level === 'critical' ? 'error' : level;
}
