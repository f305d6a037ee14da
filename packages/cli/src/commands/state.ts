import { defineCommand, defineGroup } from '../Command.js';
import type { StateBackupArgs } from '../verbs/stateBackup.js';
import type { StateCheckArgs } from '../verbs/stateCheck.js';

const backupCommand = defineCommand<StateBackupArgs>({
  command: 'backup <file>',
  description: 'Copy the state database as it is at one moment, also while the host runs',
  options: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, description: 'Where to; it must not exist yet' })
      .option('force', { type: 'boolean', default: false, description: 'Overwrite the file' })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 state backup /backup/soar-feed-$(date +%F).db', 'from cron, every night')
      .epilogue(
        'The copy is checked before it gets its name. To restore it: stop the host, put it in the place of state_db, remove a ' +
          '-wal and -shm beside it, and start. A PostgreSQL database is backed up with the tools of the server.',
      ),
  run: async (args) => (await import('../verbs/stateBackup.js')).stateBackup(args),
});

const checkCommand = defineCommand<StateCheckArgs>({
  command: 'check',
  description: 'Look for damage, and for what the state and the mappings do not agree about',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 state check', 'after a crash of the machine, a full disk, or a restored backup')
      .epilogue('Reads only, also beside a running host; it reads the whole file, so a large one takes a while.'),
  run: async (args) => (await import('../verbs/stateCheck.js')).stateCheck(args),
});

export const stateCommand = defineGroup({
  command: 'state',
  description: 'Back up or check the state database',
  demand: 'Name what to do with the state: backup or check.',
  commands: [backupCommand, checkCommand],
});
