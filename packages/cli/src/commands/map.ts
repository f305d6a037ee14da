import { defineCommand } from '../Command.js';
import { checkedId } from '../checkedId.js';
import { UsageError } from '../UsageError.js';
import type { MapArgs } from '../verbs/map.js';

export const mapCommand = defineCommand<MapArgs>({
  command: 'map',
  description: 'List which object of the target stands for which object of the source',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .option('feed', { ...one, type: 'string', description: 'Only of this feed' })
      .option('state', {
        ...one,
        type: 'string',
        description: 'Only in this state of the mapping: active, filtered, deleted, bypassed',
      })
      .option('type', { ...one, type: 'string', description: 'Only objects of this type, by API name' })
      .option('incident', { ...one, type: 'number', description: 'Only of this incident of the source' })
      .option('id', { ...one, type: 'number', description: 'Only the object with this id in the source' })
      .option('target-incident', { ...one, type: 'string', description: 'Only of this incident of the target' })
      .option('target', { ...one, type: 'string', description: 'Only the object with this id in the target' })
      .option('limit', {
        ...one,
        type: 'number',
        description: 'At most so many; default: 100 for the table, all for JSON and CSV',
      })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .option('csv', { type: 'boolean', default: false, description: 'As CSV, safe to open in a spreadsheet' })
      .example('$0 map --incident 2100', 'an incident and all below it')
      .example('$0 map --type note --target 77', 'whose counterpart is note 77 of the target?')
      .example('$0 map --state filtered --csv > filtered.csv', 'what the filter keeps out, for a spreadsheet');
  },
  async run(args) {
    for (const name of ['incident', 'id'] as const) checkedId(name, args[name]);
    if (args.limit !== undefined && !(Number.isSafeInteger(args.limit) && args.limit > 0))
      throw new UsageError('--limit is not a number of rows: expected a whole number of 1 or more.');
    if (args.json && args.csv) throw new UsageError('--json and --csv exclude each other: name one of the two.');
    return (await import('../verbs/map.js')).map(args);
  },
});
