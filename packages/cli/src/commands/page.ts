import { defineCommand } from '../Command.js';
import type { PageArgs } from '../verbs/page.js';

export const pageCommand = defineCommand<PageArgs>({
  command: 'page',
  description: 'Print the address of the page for operators, and the token for changes on it',
  options: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 page', 'beside the running host; docs/page.md says how to open it from elsewhere'),
  run: async (args) => (await import('../verbs/page.js')).page(args),
});
