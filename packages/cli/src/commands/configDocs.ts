import { defineCommand } from '../Command.js';

export const configDocsCommand = defineCommand({
  command: 'docs',
  description: 'Print tables of every key as markdown, including those of found targets',
  options: (yargs) => yargs.example('$0 config docs > keys.md', 'for a wiki'),
  run: async (args) => (await import('../verbs/configDocs.js')).configDocs(args),
});
