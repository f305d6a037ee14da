import { defineCommand } from '../Command.js';

export const runCommand = defineCommand({
  command: 'run',
  description: 'Feed the targets from the queue until it is stopped',
  options: (yargs) =>
    yargs
      .example('$0 run', 'reads the queue until Ctrl-C or SIGTERM')
      .example('$0 run -c /etc/soar/app.config --log-format json', 'as a service'),
  run: async (args) => (await import('../verbs/run.js')).run(args),
});
