import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How to reinstall with build scripts, in the way this copy was installed: in a project, which has a package.json
 * beside its node_modules, or globally, where npm has none.
 */
export function reinstallAdvice(file: string, exists: (path: string) => boolean = existsSync): string {
  const [folder] = file.split(/[/\\]node_modules[/\\]/);
  const isLocal = folder === undefined || folder === file || exists(join(folder, 'package.json'));
  if (!isLocal) return 'reinstall with `npm i -g --allow-scripts=sqlite3 @soar-feed/cli`.';
  const where = folder === undefined || folder === file ? 'where it is installed' : `in ${folder}`;
  return `run \`npm rebuild sqlite3\` ${where} (npm 12: \`npm i --allow-scripts=sqlite3\` there).`;
}
