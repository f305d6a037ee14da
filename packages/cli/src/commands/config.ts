import { defineGroup } from '../Command.js';
import { configDocsCommand } from './configDocs.js';
import { configInitCommand } from './configInit.js';

export const configCommand = defineGroup({
  command: 'config',
  description: 'Write a first app.config, or print what may stand in one',
  demand: 'Say what to do with the config: init or docs.',
  commands: [configInitCommand, configDocsCommand],
});
