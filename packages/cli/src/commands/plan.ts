import { defineCommand } from '../Command.js';
import { spansOf } from '../spansOf.js';
import type { PlanArgs } from '../verbs/plan.js';
import { UsageError } from '../UsageError.js';

export const planCommand = defineCommand<PlanArgs>({
  command: 'plan <incidents..>',
  description: 'Show the exact requests that a reload of these incidents would send, and send nothing',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .positional('incidents', {
        type: 'string',
        array: true,
        demandOption: true,
        description: 'Ids of incidents of the source, or ranges such as 2100-2110',
      })
      .option('feed', { ...one, type: 'string', description: 'Only for this feed' })
      .option('allow-deletes', {
        ...one,
        type: 'number',
        description: 'As of a reload: delete up to this many objects that are gone at the source',
      })
      .option('method', {
        choices: ['search', 'query'] as const,
        ...one,
        description: 'As of a reload: how the source is read; default: as configured',
      })
      .option('json', { type: 'boolean', default: false, description: 'As JSON, with whole bodies' })
      .example('$0 plan 2100', 'field by field, what a reload would write for incident 2100')
      .example('$0 plan 2100 2105-2110 --feed mirror', 'several incidents at one feed')
      .example('$0 plan 2100 --json', 'each request with its method, path and body');
  },
  async run(args) {
    spansOf(args.incidents);
    const { allowDeletes } = args;
    if (allowDeletes !== undefined && !(Number.isSafeInteger(allowDeletes) && allowDeletes >= 0))
      throw new UsageError('--allow-deletes is not a number of objects: expected a whole number of 0 or more.');
    return (await import('../verbs/plan.js')).plan(args);
  },
});
