import { createRequire } from 'node:module';
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { COMMANDS } from './commands/all.js';
import { exitCodes } from './exitCodes.js';
import { withGlobalOptions } from './globalOptions.js';
import type { GlobalArgs } from './globalOptions.js';
import { errorText } from './output/errorText.js';
import { UsageError } from './UsageError.js';

const VERBS = COMMANDS.flatMap(({ names }) => names);

/** What yargs itself throws, for example for an option without its value. */
const YARGS_ERROR = 'YError';

/** Runs the command line; resolves with the exit code. Never rejects: an error is written to standard error. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done.code;
  try {
    await parser(args, (code) => (exitCode = code)).parseAsync();
    return exitCode;
  } catch (error) {
    process.stderr.write(await errorText(await withLikelyOption(error, args), wantsDebug(args)));
    if (error instanceof UsageError) return exitCodes.usage.code;
    return (await import('./exitCodeOf.js')).exitCodeOf(error);
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
      'Name a command: run, reload, status, top, tap, explain, map, parked, verify, repair, plan, backtest, state, check, targets, config, customize, doctor or page.',
    )
    .check(givenOnce)
    .fail((message, error: Error | undefined) => {
      if (error !== undefined && error.name !== YARGS_ERROR) throw error;
      throw new UsageError(`${said(message, args)}\nSee "${['soar-feed', ...verbOf(args)].join(' ')} --help".`);
    });
  return COMMANDS.reduce((line, command) => command.addTo(line, ended), base);
}

/** If yargs has a guess, its message holds nothing else; and it guesses wildly. */
function said(message: string, args: readonly string[]): string {
  const guess = /^Did you mean (\S+)\?$/.exec(message)?.[1];
  if (guess === undefined) return message;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const near = words.some((word) => word !== guess && isSlipOf(word, guess));
  return `Unknown command: ${words.join(' ')}.${near ? ` ${message}` : ''}`;
}

/** Names the option that a mistyped one probably is: of those that the help of the command shows. */
async function withLikelyOption(error: unknown, args: readonly string[]): Promise<unknown> {
  const [line = '', ...more] = error instanceof UsageError ? error.message.split('\n') : [];
  const [, names] = /^Unknown arguments?: (.*)$/.exec(line) ?? [];
  if (names === undefined) return error;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const help = await parser(words, () => undefined).getHelp();
  const known = [...help.matchAll(/--([a-z][a-z-]*)/g)].map(([, option]) => option ?? '');
  const near = names
    .split(', ')
    .flatMap((name) => known.filter((option) => option !== name && isSlipOf(name, option)).slice(0, 1));
  if (near.length === 0) return error;
  return new UsageError([`${line}. Did you mean --${[...new Set(near)].join(', --')}?`, ...more].join('\n'));
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

/** What may be given more than once. */
const LISTS: ReadonlySet<string> = new Set(['_', 'class', 'incidents']);

/** yargs makes a list of an option that is given twice, whatever its type is. */
function givenOnce(args: Readonly<Record<string, unknown>>): true {
  const twice = Object.keys(args).find((name) => !LISTS.has(name) && Array.isArray(args[name]));
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
