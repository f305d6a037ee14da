import { defineCommand } from '../Command.js';
import { UsageError } from '../UsageError.js';
import type { CustomizeArgs } from '../verbs/customize.js';

export const customizeCommand = defineCommand<CustomizeArgs>({
  command: 'customize',
  description: 'Make the queue, rules, function and playbook that the feed needs in the source',
  options: (yargs) =>
    yargs
      .option('target', {
        type: 'string',
        requiresArg: true,
        description: 'Make the reference fields df_* in the organization that this feed writes to',
      })
      .option('import', {
        type: 'string',
        requiresArg: true,
        description: 'Import this file instead, such as one that "doctor --export" wrote',
      })
      .option('undo', { type: 'boolean', default: false, description: 'Remove what customize has made' })
      .option('print', {
        alias: 'dry-run',
        type: 'boolean',
        default: false,
        description: 'Print the import as JSON, and change nothing',
      })
      .option('yes', { alias: 'y', type: 'boolean', default: false, description: 'Do not ask' })
      .option('json', {
        type: 'boolean',
        default: false,
        description: 'The plan as JSON; without --yes, nothing is changed',
      })
      .example('$0 customize', 'shows what is there and what is missing, asks, and makes what is missing')
      .example('$0 customize --yes', 'the same without the question; a second time does nothing')
      .example('$0 customize --target mirror', 'the fields of the replica that name the incident it was made from')
      .example('$0 customize --print > feed.res', 'the import, to read it or to import it by hand')
      .example('$0 customize --undo', 'removes what it made; what you changed, or IBM installed, stays')
      .epilogue(
        'Needs an account that may change the customization settings; the account that feeds needs not. What exists is ' +
          'never changed, whoever made it. Each new data table needs its rule: run it again then.',
      ),
  run: async (args) => {
    if (args.import !== undefined && args.undo)
      throw new UsageError('--import and --undo contradict each other: an import of a file cannot be undone.');
    if (args.print && args.undo) throw new UsageError('--print shows an import, and --undo imports nothing.');
    return (await import('../verbs/customize.js')).customize(args);
  },
});
