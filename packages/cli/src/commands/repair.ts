import { checkedId } from '../checkedId.js';
import { defineCommand } from '../Command.js';
import type { RepairArgs } from '../verbs/repair.js';

export const repairCommand = defineCommand<RepairArgs>({
  command: 'repair',
  description: 'Make equal what the last verify found to differ',
  options: (yargs) => {
    const one = { requiresArg: true } as const;
    return yargs
      .option('plan', { type: 'boolean', default: false, description: 'Only show what would be done' })
      .option('feed', { ...one, type: 'string', description: 'Only at this feed' })
      .option('incident', { ...one, type: 'number', description: 'Only this incident of the source' })
      .option('deletes', {
        type: 'boolean',
        default: false,
        description: 'Also delete in the target what the source no longer has',
      })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 repair --plan', 'what a repair would do about the last verify')
      .example('$0 repair', 'does it, and compares the same incidents again')
      .example('$0 repair --incident 2100 --deletes', 'one incident, deletions included');
  },
  async run(args) {
    checkedId('incident', args.incident);
    return (await import('../verbs/repair.js')).repair(args);
  },
});
