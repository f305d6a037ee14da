import { defineCommand, defineGroup } from '../Command.js';
import { selectionOf, withSelectionOptions } from '../selection.js';
import type { SelectionArgs } from '../selection.js';
import type { ListArgs } from '../verbs/parkedList.js';
import type { ShowArgs } from '../verbs/parkedShow.js';
import { UsageError } from '../UsageError.js';
import type { AdoptArgs } from '../verbs/parkedAdopt.js';
import type { RetryArgs } from '../verbs/parkedRetry.js';
import type { DropArgs } from '../verbs/parkedDrop.js';

const ROW = { type: 'string', description: 'One row, by its name in the list' } as const;

const listCommand = defineCommand<ListArgs>({
  command: 'list',
  description: 'Show parked rows by cause, with the oldest of each',
  options: (yargs) =>
    withSelectionOptions(yargs)
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 parked list', 'everything')
      .example('$0 parked list --state failed --feed mirror', 'the failed rows of a feed'),
  run: async (args) => (await import('../verbs/parkedList.js')).parkedList(args, selectionOf(args)),
});

const showCommand = defineCommand<ShowArgs>({
  command: 'show <row>',
  description: 'Show one whole row, including incident data',
  options: (yargs) =>
    yargs
      .positional('row', { ...ROW, demandOption: true })
      .option('feed', { type: 'string', requiresArg: true, description: 'Only of this feed' })
      .option('json', { type: 'boolean', default: false, description: 'As JSON' })
      .example('$0 parked show 201/2100/note/420', 'note 420 of incident 2100'),
  run: async (args) => (await import('../verbs/parkedShow.js')).parkedShow(args, selectionOf(args)),
});

const retryCommand = defineCommand<RetryArgs>({
  command: 'retry [row]',
  description: 'Put rows back in line; each object is read again first',
  options: (yargs) =>
    withSelectionOptions(yargs.positional('row', ROW))
      .option('yes', {
        type: 'boolean',
        default: false,
        alias: 'y',
        description: 'With --state undecided: create the objects, even if the target may have them',
      })
      .example('$0 parked retry --code invalid-request', 'once the cause is fixed')
      .example('$0 parked retry 201/2100/note/420', 'one row'),
  run: async (args) => (await import('../verbs/parkedRetry.js')).parkedRetry(args, selectionOf(args)),
});

const adoptCommand = defineCommand<AdoptArgs>({
  command: 'adopt <row>',
  description: 'Name the object in the target that is the counterpart of a row',
  options: (yargs) =>
    yargs
      .positional('row', { ...ROW, demandOption: true })
      .option('target', {
        type: 'number',
        requiresArg: true,
        demandOption: true,
        description: 'Id of the object in the target',
      })
      .option('feed', { type: 'string', requiresArg: true, description: 'Only of this feed' })
      .example('$0 parked adopt 201/2100/incident/2100 --target 4711', 'in the target, it is incident 4711'),
  async run(args) {
    if (!Number.isSafeInteger(args.target) || args.target < 1)
      throw new UsageError('--target is not an id: expected a whole number of 1 or more.');
    return (await import('../verbs/parkedAdopt.js')).parkedAdopt(args, selectionOf(args));
  },
});

const dropCommand = defineCommand<DropArgs>({
  command: 'drop [row]',
  description: 'Give up rows for good, with the rows that wait for them',
  options: (yargs) =>
    withSelectionOptions(yargs.positional('row', ROW))
      .option('yes', { type: 'boolean', default: false, alias: 'y', description: 'Do not ask' })
      .example('$0 parked drop --incident 2100', 'asks first')
      .example('$0 parked drop --state raw --yes', 'does not ask'),
  run: async (args) => (await import('../verbs/parkedDrop.js')).parkedDrop(args, selectionOf(args)),
});

const exportCommand = defineCommand<SelectionArgs>({
  command: 'export [row]',
  description: 'Write whole rows, one JSON document per line, including incident data',
  options: (yargs) =>
    withSelectionOptions(yargs.positional('row', ROW)).example(
      '$0 parked export --state failed > failed.jsonl',
      'before dropping them',
    ),
  run: async (args) => (await import('../verbs/parkedExport.js')).parkedExport(args, selectionOf(args)),
});

export const parkedCommand = defineGroup({
  command: 'parked',
  description: 'Manage parked rows: list, show, retry, adopt, drop, export',
  demand: 'Name what to do with parked rows: list, show, retry, adopt, drop or export.',
  commands: [listCommand, showCommand, retryCommand, adoptCommand, dropCommand, exportCommand],
});
