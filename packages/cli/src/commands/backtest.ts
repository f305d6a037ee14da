import { defineCommand } from '../Command.js';
import { UsageError } from '../UsageError.js';
import type { BacktestArgs } from '../verbs/backtest.js';

export const backtestCommand = defineCommand<BacktestArgs>({
  command: 'backtest <filter>',
  description: 'Say which incidents another filter would pass, compared with the one of a feed',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .positional('filter', {
        type: 'string',
        demandOption: true,
        description: 'As matching_incident_fields has it; empty: every incident',
      })
      .option('feed', {
        ...one,
        type: 'string',
        description: 'The feed to compare with; default: the only one with a filter',
      })
      .option('since', {
        ...one,
        type: 'string',
        default: '90d',
        description: 'Incidents created since: a duration such as 90d or 12h, or a date such as 2026-01-31',
      })
      .option('operator', {
        choices: ['all', 'any'] as const,
        ...one,
        description: 'Whether every clause must hold, or one; default: matching_operator of the feed',
      })
      .option('limit', {
        ...one,
        type: 'number',
        description: 'At most so many incidents in the list; default: 100, CSV and JSON all',
      })
      .option('csv', { type: 'boolean', default: false, description: 'The list as CSV' })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example("$0 backtest 'severity_code in [High, Medium]'", 'what would be fed besides, and what no longer')
      .example("$0 backtest 'name ~ Phish' --since 1d --feed mirror", 'the incidents of one day')
      .example("$0 backtest '' --csv", 'everything that the current filter keeps out, for a spreadsheet');
  },
  async run(args) {
    const { limit } = args;
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
      throw new UsageError('--limit is not a number of incidents: expected a whole number above 0.');
    if (args.json && args.csv) throw new UsageError('--json and --csv exclude each other: name one of the two.');
    return (await import('../verbs/backtest.js')).backtest(args);
  },
});
