import { defineCommand } from '../Command.js';

export const configDocsCommand = defineCommand({
  command: 'docs',
  description: 'Print the tables of every key as markdown, found targets included',
  options: (yargs) => yargs.example('$0 config docs > keys.md', 'for a wiki'),
  run: async (args) => (await import('../verbs/configDocs.js')).configDocs(args),
});
