import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from '@soar-feed/core';
import { findAppConfig } from '@soar-feed/core/runtime';
import type { GlobalArgs } from './globalOptions.js';

/**
 * The file that `-c` names, otherwise the first place where IBM's programs look. Throws `ConfigError` with those places
 * if there is none.
 */
export function configFileOf({ config }: GlobalArgs): string {
  return config === undefined ? findAppConfig(process.env, process.cwd(), homedir()) : resolve(config);
}

/** The same; if there is no file yet, its future path in the working folder. */
export function configPlaceOf(args: GlobalArgs): string {
  try {
    return configFileOf(args);
  } catch (error) {
    if (error instanceof ConfigError) return resolve('app.config');
    throw error;
  }
}
