import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../contract/errors.js';

/**
 * IBM's look-up: `$APP_CONFIG_FILE` (even if it does not exist: a person who names a file wants that one), else
 * `app.config` in the working folder, else `.resilient/app.config` in the home folder. Throws `ConfigError`, which says
 * where it looked.
 */
export function findAppConfig(env: Readonly<Record<string, string | undefined>>, cwd: string, home: string): string {
  const named = env['APP_CONFIG_FILE'];
  if (named !== undefined && named !== '') return resolve(cwd, named);
  const candidates = [join(cwd, 'app.config'), join(home, '.resilient', 'app.config')];
  const found = candidates.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new ConfigError([
    {
      section: 'app.config',
      problem: `not found: $APP_CONFIG_FILE is not set and neither ${candidates.join(' nor ')} exists; name the file, or write one with "soar-feed config init"`,
    },
  ]);
}
