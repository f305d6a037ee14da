import { defineCommand } from '../Command.js';
import type { ConfigInitArgs } from '../verbs/configInit.js';

export const configInitCommand = defineCommand<ConfigInitArgs>({
  command: 'init [file]',
  description: 'Write an app.config; on a terminal, ask for what it needs',
  options: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        description: 'Where to write it; "-" prints it; default: -c, $APP_CONFIG_FILE or ./app.config',
      })
      .option('class', {
        type: 'string',
        array: true,
        requiresArg: true,
        description: 'Add a feed of this class; can be repeated; default: resilient',
      })
      .option('minimal', {
        type: 'boolean',
        default: false,
        description: 'Only the required keys; "config docs" prints all keys',
      })
      .option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        description: 'Do not ask; leave it to be filled in',
      })
      .option('force', { type: 'boolean', default: false, description: 'Overwrite the file' })
      .example('$0 config init', 'asks for the server, the organization, the API key and the feeds')
      .example('$0 config init --yes', 'a feed into another SOAR organization, to be filled in')
      .example('$0 config init --class resilient --class file -', 'two feeds, printed'),
  run: async (args) => (await import('../verbs/configInit.js')).configInit(args),
});
