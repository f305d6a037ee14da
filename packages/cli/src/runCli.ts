import { createRequire } from 'node:module';
import yargs from 'yargs';
import type { Argv } from 'yargs';
import type { Command } from './Command.js';
import { checkCommand } from './commands/check.js';
import { configCommand } from './commands/config.js';
import { customizeCommand } from './commands/customize.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { mapCommand } from './commands/map.js';
import { parkedCommand } from './commands/parked.js';
import { reloadCommand } from './commands/reload.js';
import { repairCommand } from './commands/repair.js';
import { runCommand } from './commands/run.js';
import { statusCommand } from './commands/status.js';
import { targetsCommand } from './commands/targets.js';
import { verifyCommand } from './commands/verify.js';
import { exitCodeOf, exitCodes } from './exitCodes.js';
import { withGlobalOptions } from './globalOptions.js';
import type { GlobalArgs } from './globalOptions.js';
import { errorText } from './output/errorText.js';
import { UsageError } from './UsageError.js';

const COMMANDS: readonly Command[] = [
  ...[runCommand, reloadCommand, statusCommand, explainCommand, mapCommand, parkedCommand],
  ...[verifyCommand, repairCommand],
  ...[checkCommand, targetsCommand, configCommand, customizeCommand, doctorCommand],
];

const VERBS = [
  ...['run', 'reload', 'sync', 'status', 'explain', 'map', 'parked', 'verify', 'repair'],
  ...['check', 'selftest', 'targets', 'config', 'customize', 'doctor'],
];

/** What yargs itself throws, for example for an option without its value. */
const YARGS_ERROR = 'YError';

/** Runs the command line; resolves with the exit code. Never rejects: an error is written to standard error. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done.code;
  try {
    await parser(args, (code) => (exitCode = code)).parseAsync();
    return exitCode;
  } catch (error) {
    process.stderr.write(await errorText(error, wantsDebug(args)));
    return exitCodeOf(error);
  }
}

function parser(args: readonly string[], ended: (exitCode: number) => void): Argv<GlobalArgs> {
  const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  const base = withGlobalOptions(yargs([...args]))
    .scriptName('soar-feed')
    .usage('Keeps a near-real-time replica of IBM SOAR incidents in other systems.\n\n$0 <command> [options]')
    .example('$0 config init', 'writes an app.config to fill in')
    .example('$0 check', 'tests everything in it, writes nothing')
    .example('$0 run', 'feeds the targets until it is stopped')
    .epilogue('Exit codes and signals: docs/operate.md. Every key of app.config: docs/configure.md.')
    .version(version)
    .alias('help', 'h')
    .parserConfiguration({ 'greedy-arrays': false })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .strict()
    .recommendCommands()
    .demandCommand(
      1,
      'Name a command: run, reload, status, explain, map, parked, verify, repair, check, targets, config, customize or doctor.',
    )
    .check(givenOnce)
    .fail((message, error: Error | undefined) => {
      if (error !== undefined && error.name !== YARGS_ERROR) throw error;
      throw new UsageError(`${said(message, args)}\nSee "${['soar-feed', ...verbOf(args)].join(' ')} --help".`);
    });
  return COMMANDS.reduce((line, command) => command(line, ended), base);
}

/** If yargs has a guess, its message holds nothing else; and it guesses wildly. */
function said(message: string, args: readonly string[]): string {
  const guess = /^Did you mean (\S+)\?$/.exec(message)?.[1];
  if (guess === undefined) return message;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const near = words.some((word) => word !== guess && isSlipOf(word, guess));
  return `Unknown command: ${words.join(' ')}.${near ? ` ${message}` : ''}`;
}

/** Whether most letters of the two are the same. */
function isSlipOf(word: string, guess: string): boolean {
  const left = [...guess];
  const common = [...word].filter((letter) => {
    const at = left.indexOf(letter);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  }).length;
  return common / Math.max(word.length, guess.length) >= 0.6;
}

/** yargs makes a list of an option that is given twice, whatever its type is. */
function givenOnce(args: Readonly<Record<string, unknown>>): true {
  const twice = Object.keys(args).find((name) => name !== '_' && name !== 'class' && Array.isArray(args[name]));
  if (twice === undefined) return true;
  throw new UsageError(`--${twice} is given twice.`);
}

function verbOf(args: readonly string[]): readonly string[] {
  const [first] = args;
  return first !== undefined && VERBS.includes(first) ? [first] : [];
}

/** Searched in the raw arguments, because it also matters if they cannot be parsed. */
function wantsDebug(args: readonly string[]): boolean {
  return args.some((arg, at) => arg === '--log-level=debug' || (arg === 'debug' && args[at - 1] === '--log-level'));
}
