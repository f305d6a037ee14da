import { checkedId } from '../checkedId.js';
import { defineCommand } from '../Command.js';
import { UsageError } from '../UsageError.js';
import type { VerifyArgs } from '../verbs/verify.js';

export const verifyCommand = defineCommand<VerifyArgs>({
  command: 'verify',
  description: 'Compare source and target object by object; writes to neither',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .option('feed', { ...one, type: 'string', description: 'Only this feed' })
      .option('incident', { ...one, type: 'number', description: 'Only this incident of the source' })
      .option('min', { ...one, type: 'number', description: 'First incident id; default: the lowest' })
      .option('max', { ...one, type: 'number', description: 'Last incident id; default: the highest' })
      .option('sample', {
        ...one,
        type: 'number',
        default: 100,
        description: 'So many percent of the incidents, the same ones every time',
      })
      .option('method', {
        choices: ['search', 'query'] as const,
        ...one,
        description: 'How to read the source: search: few requests; query: from the database; default: as configured',
      })
      .option('concurrency', { ...one, type: 'number', default: 4, description: 'Incidents compared at once' })
      .option('restart', {
        type: 'boolean',
        default: false,
        description: 'From the beginning, even if an interrupted run could go on',
      })
      .option('json', { type: 'boolean', default: false, description: 'The report as JSON, with all drift' })
      .example('$0 verify', 'everything; Ctrl-C stops it, and the same command goes on')
      .example('$0 verify --sample 5', 'a twentieth of the incidents, for every night')
      .example('$0 verify && echo equal', 'exit code 54: something differs');
  },
  async run(args) {
    for (const name of ['incident', 'min', 'max'] as const) checkedId(name, args[name]);
    const { min, max, incident, sample, concurrency } = args;
    if (incident !== undefined && (min !== undefined || max !== undefined))
      throw new UsageError('--incident and --min or --max exclude each other.');
    if (min !== undefined && max !== undefined && min > max)
      throw new UsageError(`--min ${min} is above --max ${max}: nothing would be compared.`);
    if (!(sample > 0 && sample <= 100))
      throw new UsageError('--sample is not a percentage: expected a number above 0, at most 100.');
    if (!(Number.isSafeInteger(concurrency) && concurrency >= 1 && concurrency <= 32))
      throw new UsageError('--concurrency: expected a whole number from 1 to 32.');
    return (await import('../verbs/verify.js')).verify(args);
  },
});
