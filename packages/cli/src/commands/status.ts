import { defineCommand } from '../Command.js';
import type { StatusArgs } from '../verbs/status.js';

export const statusCommand = defineCommand<StatusArgs>({
  command: 'status',
  description: 'Show how the host and its feeds are, also while none runs',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 status', 'what was delivered, skipped and parked, and what is late')
      .example('$0 status --json | jq .feeds', 'for a program'),
  run: async (args) => (await import('../verbs/status.js')).status(args),
});
