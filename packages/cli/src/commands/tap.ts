import { defineCommand } from '../Command.js';
import { checkedId } from '../checkedId.js';
import type { TapArgs } from '../verbs/tap.js';

export const tapCommand = defineCommand<TapArgs>({
  command: 'tap',
  description: 'Follow the events of the running host as they pass, without any value of a field',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .option('incident', { ...one, type: 'number', description: 'Only of this incident and the objects in it' })
      .option('feed', { ...one, type: 'string', description: 'Only what becomes of them at this feed' })
      .option('type', { ...one, type: 'string', description: 'Only objects of this type, by API name' })
      .option('fields', {
        type: 'boolean',
        default: false,
        description: 'Also the names of the fields that changed since the object passed before',
      })
      .option('json', { type: 'boolean', default: false, description: 'One line of JSON for each event' })
      .example('$0 tap', 'everything, until Ctrl-C')
      .example('$0 tap --incident 2100 --fields', 'what happens to an incident while you edit it')
      .example('$0 tap --json | jq -c \'select(.outcome == "failed")\'', 'for a program');
  },
  async run(args) {
    checkedId('incident', args.incident);
    return (await import('../verbs/tap.js')).tap(args);
  },
});
