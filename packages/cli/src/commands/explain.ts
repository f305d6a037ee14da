import { checkedId } from '../checkedId.js';
import { defineCommand } from '../Command.js';
import { UsageError } from '../UsageError.js';
import type { ExplainArgs } from '../verbs/explain.js';

export const explainCommand = defineCommand<ExplainArgs>({
  command: 'explain <type> <id>',
  description: 'Say what became of an object at each feed, and why',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .positional('type', {
        type: 'string',
        demandOption: true,
        description: 'Its type by API name: incident, task, note, artifact, attachment, milestone, or a data table',
      })
      .positional('id', { type: 'number', demandOption: true, description: 'Its id in the source or in the target' })
      .option('feed', { ...one, type: 'string', description: 'Only at this feed' })
      .option('side', {
        choices: ['source', 'target'] as const,
        ...one,
        description: 'Whose id it is; default: either',
      })
      .option('ask', {
        type: 'boolean',
        default: false,
        description: 'Also ask both servers: is it there, does it match the filter, what differs',
      })
      .option('incident', {
        ...one,
        type: 'number',
        description: 'With --ask: the incident of an object that no feed knows',
      })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 explain incident 2100', 'received when, delivered as what, waiting or failed why')
      .example('$0 explain note 77 --side target', 'where does note 77 of the target come from?')
      .example('$0 explain incident 2100 --ask', 'also: which clause of the filter keeps it out');
  },
  async run(args) {
    if (!Number.isSafeInteger(args.id) || args.id < 0)
      throw new UsageError(`"${args.id}" is not an id: expected a whole number.`);
    checkedId('incident', args.incident);
    if (args.incident !== undefined && !args.ask) throw new UsageError('--incident needs --ask.');
    return (await import('../verbs/explain.js')).explain(args);
  },
});
