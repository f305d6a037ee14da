import { configPlaceOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { listTargets } from '../listTargets.js';
import { keyTables } from '../output/keyTables.js';

export async function configDocs(args: GlobalArgs): Promise<number> {
  const found = await listTargets(configPlaceOf(args));
  process.stdout.write(keyTables(found.flatMap(({ definition }) => definition ?? [])));
  return exitCodes.done.code;
}
