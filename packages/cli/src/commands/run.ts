import { defineCommand } from '../Command.js';
import type { RunArgs } from '../verbs/run.js';

export const runCommand = defineCommand<RunArgs>({
  command: 'run',
  description: 'Feed the targets from the queue until it is stopped',
  options: (yargs) =>
    yargs
      .option('standby', {
        type: 'boolean',
        default: false,
        description: 'If another host has the state database or a mapping: wait, and take over once it is gone',
      })
      .example('$0 run', 'reads the queue until Ctrl-C or SIGTERM')
      .example('$0 run --standby', 'on each of two hosts: one is active, the other one waits')
      .example('$0 run -c /etc/soar/app.config --log-format json', 'as a service'),
  run: async (args) => (await import('../verbs/run.js')).run(args),
});
