import { resolve } from 'node:path';
import { ConfigError } from '@soar-feed/core';
import { configFileOf } from './globalOptions.js';
import type { GlobalArgs } from './globalOptions.js';

/** The config file; where there is none yet, the place in the working folder where it would stand. */
export function placeOf(args: GlobalArgs): string {
  try {
    return configFileOf(args);
  } catch (error) {
    if (error instanceof ConfigError) return resolve('app.config');
    throw error;
  }
}
