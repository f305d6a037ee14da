import type { ReloadRequest } from '@soar-feed/core/runtime';
import { defineCommand } from '../Command.js';
import { UsageError } from '../UsageError.js';
import type { ReloadArgs } from '../verbs/reload.js';

export const reloadCommand = defineCommand<ReloadArgs>({
  command: 'reload',
  aliases: ['sync'],
  description: 'Load incidents with all their objects into the targets, then exit',
  options: (yargs) =>
    yargs
      .option('min', {
        type: 'number',
        requiresArg: true,
        description: 'First incident id; default: the lowest',
      })
      .option('max', { type: 'number', requiresArg: true, description: 'Last incident id; default: the highest' })
      .option('types', {
        type: 'string',
        requiresArg: true,
        description: 'Types by API name, separated by commas; default: [feeds] reload_types',
      })
      .option('feed', {
        type: 'string',
        requiresArg: true,
        description: 'Only these feeds, by section, separated by commas; default: all',
      })
      .option('method', {
        choices: ['search', 'query'] as const,
        requiresArg: true,
        description: 'search: few requests; query: each incident from the database; default: as configured',
      })
      .option('allow-deletes', {
        type: 'number',
        requiresArg: true,
        description: 'Delete up to this many objects that are gone at the source, whatever the config says',
      })
      .option('json', { type: 'boolean', default: false, description: 'The summary as JSON' })
      .example('$0 reload', 'everything')
      .example('$0 reload --min 2100 --max 2200', 'incidents 2100 to 2200')
      .example('$0 reload --allow-deletes 250', 'also deletes up to 250 objects that are gone')
      .example('$0 reload --feed mirror', 'only the feed [mirror], for example one that is new')
      .example('$0 sync --types incident,note --json', 'incidents and notes, with a summary for programs'),
  async run(args) {
    const request = requestOf(args);
    return (await import('../verbs/reload.js')).reload(args, request);
  },
});

/** What the command line says about the range; the config says the rest. */
function requestOf({ min, max, types, feed, method, allowDeletes }: ReloadArgs): ReloadRequest {
  if (allowDeletes !== undefined && !(Number.isSafeInteger(allowDeletes) && allowDeletes >= 0))
    throw new UsageError('--allow-deletes is not a number of objects: expected a whole number of 0 or more.');
  for (const [name, value] of Object.entries({ min, max })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    throw new UsageError(`--${name} is not an incident id: expected a whole number of 0 or more.`);
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new UsageError(`--min ${min} is above --max ${max}: nothing would be loaded.`);
  }
  const names = listOf('--types', 'API names', types);
  const feeds = listOf('--feed', 'names of feeds', feed);
  return {
    ...(min === undefined ? {} : { minIncidentId: min }),
    ...(max === undefined ? {} : { maxIncidentId: max }),
    ...(names === undefined ? {} : { types: names }),
    ...(feeds === undefined ? {} : { feeds }),
    ...(method === undefined ? {} : { method }),
    ...(allowDeletes === undefined ? {} : { allowDeletes }),
  };
}

function listOf(option: string, what: string, text: string | undefined): readonly string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  if (names?.includes(''))
    throw new UsageError(`${option} contains an empty name: write ${what}, separated by commas.`);
  return names;
}
