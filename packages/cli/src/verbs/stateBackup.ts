import { resolve } from 'node:path';
import { backUpSqlite } from '@soar-feed/store';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf } from '../openState.js';
import { UsageError } from '../UsageError.js';

export interface StateBackupArgs extends GlobalArgs {
  readonly file: string;
  readonly force: boolean;
  readonly json: boolean;
}

export async function stateBackup(args: StateBackupArgs): Promise<number> {
  const { stateDb } = stateConfigOf(args).feeds;
  if (stateDb.client === 'postgres')
    throw new UsageError(
      `The state is in PostgreSQL: back it up with pg_dump (tables ${stateDb.schema ?? '*'}.soar_feed_*); a host may run meanwhile.`,
    );
  const to = resolve(args.file);
  if (to === stateDb.file) throw new UsageError(`${to} is the state database itself: name another file.`);
  const bytes = await backUpSqlite(stateDb.file, to, { overwrite: args.force });
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ from: stateDb.file, to, bytes }, null, 2)}\n`
      : `${to} is written: ${bytes} bytes, checked.\n`,
  );
  return exitCodes.done.code;
}
