import { defineCommand } from '../Command.js';
import type { TargetsArgs } from '../verbs/targets.js';

export const targetsCommand = defineCommand<TargetsArgs>({
  command: 'targets',
  description: 'Show the target packages that are found',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 targets', 'the values for `class=` of a feed'),
  run: async (args) => (await import('../verbs/targets.js')).targets(args),
});
