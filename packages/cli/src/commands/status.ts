import { defineCommand } from '../Command.js';
import type { StatusArgs } from '../verbs/status.js';

export const statusCommand = defineCommand<StatusArgs>({
  command: 'status',
  description: 'Show the state of the host and its feeds, also while no host runs',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 status', 'what was delivered, skipped and parked, and how late feeds are')
      .example('$0 status --json | jq .feeds', 'for a program'),
  run: async (args) => (await import('../verbs/status.js')).status(args),
});
