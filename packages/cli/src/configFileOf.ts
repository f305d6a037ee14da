import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from '@soar-feed/core';
import { findAppConfig } from '@soar-feed/core/runtime';
import type { GlobalArgs } from './globalOptions.js';

/** The file that `-c` names, else where IBM's programs look. Throws `ConfigError` saying where that is. */
export function configFileOf({ config }: GlobalArgs): string {
  return config === undefined ? findAppConfig(process.env, process.cwd(), homedir()) : resolve(config);
}

/** The same; where there is no file yet, the place in the working folder where it would stand. */
export function configPlaceOf(args: GlobalArgs): string {
  try {
    return configFileOf(args);
  } catch (error) {
    if (error instanceof ConfigError) return resolve('app.config');
    throw error;
  }
}
