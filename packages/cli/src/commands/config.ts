import { defineGroup } from '../Command.js';
import { configDocsCommand } from './configDocs.js';
import { configInitCommand } from './configInit.js';
import { configUpdateCommand } from './configUpdate.js';

export const configCommand = defineGroup({
  command: 'config',
  description: 'Write a first app.config, add what a given one lacks, or print all keys',
  demand: 'Name what to do with the config: init, update or docs.',
  commands: [configInitCommand, configUpdateCommand, configDocsCommand],
});
