import { defineCommand } from '../Command.js';
import type { TopArgs } from '../verbs/top.js';

export const topCommand = defineCommand<TopArgs>({
  command: 'top',
  description: 'Watch the running host: state, lag and rates of each feed, and a reload; q or Ctrl-C ends it',
  options: (yargs) =>
    yargs
      .option('once', {
        type: 'boolean',
        default: false,
        description: 'Show it once; so it is also where output is piped',
      })
      .option('json', { type: 'boolean', default: false, description: 'One line of JSON every second' })
      .example('$0 top', 'live, every second')
      .example('$0 top --once', 'one look, for a script or a report')
      .example('$0 top --json | jq -c .feeds[].pace', 'lag, arrival times and rates, for a program'),
  run: async (args) => (await import('../verbs/top.js')).top(args),
});
