import { defineCommand } from '../Command.js';
import type { ConfigUpdateArgs } from '../verbs/configUpdate.js';

export const configUpdateCommand = defineCommand<ConfigUpdateArgs>({
  command: 'update',
  description: 'Show what an app.config lacks, and add it with --write; all else stays as it is',
  options: (yargs) =>
    yargs
      .option('write', { type: 'boolean', default: false, description: 'Write the file, instead of only showing' })
      .option('json', { type: 'boolean', default: false, description: 'What is missing as JSON' })
      .example('$0 config update', 'after an upgrade: which keys are new, with their comments')
      .example('$0 config update --write', 'adds them, commented out with their defaults')
      .epilogue(
        'Every byte that is there stays, line ends included, and so do mode and owner. Optional keys are added as comments, ' +
          'so nothing works otherwise than before. The sections are [resilient], [feeds] and those of the feeds.',
      ),
  run: async (args) => (await import('../verbs/configUpdate.js')).configUpdate(args),
});
