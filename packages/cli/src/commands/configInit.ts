import { defineCommand } from '../Command.js';
import type { ConfigInitArgs } from '../verbs/configInit.js';

export const configInitCommand = defineCommand<ConfigInitArgs>({
  command: 'init [file]',
  description: 'Write an app.config to fill in',
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
        default: ['resilient'],
        description: 'Add a feed of this class; can be repeated',
      })
      .option('minimal', {
        type: 'boolean',
        default: false,
        description: 'Only the required keys; "config docs" prints all keys',
      })
      .option('force', { type: 'boolean', default: false, description: 'Overwrite the file' })
      .example('$0 config init', 'a feed into another SOAR organization')
      .example('$0 config init --class resilient --class file -', 'two feeds, printed'),
  run: async (args) => (await import('../verbs/configInit.js')).configInit(args),
});
