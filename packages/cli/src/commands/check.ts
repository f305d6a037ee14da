import { defineCommand } from '../Command.js';
import type { CheckArgs } from '../verbs/check.js';

export const checkCommand = defineCommand<CheckArgs>({
  command: 'check',
  // As IBM's resilient-circuits calls it.
  aliases: ['selftest'],
  description: 'Test the config, the source, the queue and every target; writes nothing',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'The lines as JSON' })
      .example('$0 check', 'before the first start, and whenever something looks wrong')
      .example('$0 check && $0 run', 'start only if the check passes'),
  run: async (args) => (await import('../verbs/check.js')).check(args),
});
