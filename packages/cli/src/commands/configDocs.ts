import { defineCommand } from '../Command.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { listTargets } from '../listTargets.js';
import { keyTables } from '../output/keyTables.js';
import { placeOf } from '../placeOf.js';

export const configDocsCommand = defineCommand<GlobalArgs>({
  command: 'docs',
  description: 'Print the tables of every key as markdown, found targets included',
  options: (yargs) => yargs.example('$0 config docs > keys.md', 'for a wiki'),
  async run(args) {
    const found = await listTargets(placeOf(args));
    process.stdout.write(keyTables(found.flatMap(({ definition }) => definition ?? [])));
    return exitCodes.done.code;
  },
});
