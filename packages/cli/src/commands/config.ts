import { defineGroup } from '../Command.js';
import { configDocsCommand } from './configDocs.js';
import { configInitCommand } from './configInit.js';

export const configCommand = defineGroup({
  command: 'config',
  description: 'Write a first app.config, or print all of its keys',
  demand: 'Name what to do with the config: init or docs.',
  commands: [configInitCommand, configDocsCommand],
});
