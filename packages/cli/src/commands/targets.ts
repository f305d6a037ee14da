import { defineCommand } from '../Command.js';
import type { TargetsArgs } from '../verbs/targets.js';

export const targetsCommand = defineCommand<TargetsArgs>({
  command: 'targets',
  description: 'Show the target packages that are found, and what they are',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 targets', 'what `class=` of a feed may say here'),
  run: async (args) => (await import('../verbs/targets.js')).targets(args),
});
