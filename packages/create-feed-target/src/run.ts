import { relative } from 'node:path';
import yargs from 'yargs';
import { createFeedTarget } from './createFeedTarget.js';
import type { Created } from './createFeedTarget.js';
import { UsageError } from './UsageError.js';

/** How the command ends: 0 done, 1 the disk refused, 2 the arguments are wrong. */
export type ExitCode = 0 | 1 | 2;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command `create-feed-target`. It asks nothing. */
export async function run(args: readonly string[], { out, err }: Output, cwd = process.cwd()): Promise<ExitCode> {
  try {
    const parsed = await parser().parseAsync([...args], {}, (_error, _parsed, said) => {
      if (said !== '') out(`${said}\n`);
    });
    // Help or version was asked for, and printed.
    if (parsed['help'] === true || parsed['version'] === true) return 0;
    const [place, ...more] = parsed._.map(String);
    if (place === undefined) throw new UsageError('Name the folder of the new target, such as "my-target".');
    if (more.length > 0) throw new UsageError(`One folder only; what is ${more.map((one) => `"${one}"`).join(', ')}?`);
    const language = parsed.javascript ? 'javascript' : 'typescript';
    out(doneText(createFeedTarget({ place, type: parsed.type, language, cwd }), cwd));
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    err(
      `${error instanceof Error ? error.message : String(error)}${isUsage ? '\nSee create-feed-target --help.' : ''}\n`,
    );
    return isUsage ? 2 : 1;
  }
}

function parser() {
  return yargs()
    .scriptName('create-feed-target')
    .usage(
      '$0 <folder>\n\nWrites the project of a new target of soar-feed: a small target that works, a test of the contract ' +
        'with an outage, a whole host on a simulated SOAR platform, lint, CI and a README.',
    )
    .option('javascript', { type: 'boolean', default: false, describe: 'Plain JavaScript instead of TypeScript.' })
    .option('type', {
      type: 'string',
      requiresArg: true,
      describe: 'What "class=" will say for it in app.config; default: from the name.',
    })
    .example('$0 my-target', 'a project in TypeScript in ./my-target; class=my')
    .example('$0 @acme/chat-feed --type chat', 'the package @acme/chat-feed in ./chat-feed; class=chat')
    .example('$0 my-target --javascript', 'the same in JavaScript, without a build')
    .epilogue(
      'With npm: npm create @soar-feed/feed-target my-target -- --javascript\nExit codes: 0 done, 1 the disk refused, 2 the arguments are wrong.',
    )
    .parserConfiguration({ 'parse-positional-numbers': false, 'duplicate-arguments-array': false })
    .strictOptions()
    .exitProcess(false)
    .wrap(100)
    .fail((message, error) => {
      throw error ?? new UsageError(message);
    })
    .showHelpOnFail(false)
    .help('help', 'Show this.', true)
    .alias('help', 'h')
    .version();
}

function doneText({ folder, packageName, type, files }: Created, cwd: string): string {
  const place = relative(cwd, folder) || '.';
  return [
    `${packageName} (class=${type}): ${files.length} files in ${place}`,
    '',
    ...(place === '.' ? [] : [`  cd ${/^[\w./@-]+$/.test(place) ? place : JSON.stringify(place)}`]),
    '  npm install',
    '  npm test            # the contract, and a whole host with an outage',
    '  npm run lint',
    '  npm run simulate    # a host on a simulated SOAR platform',
    '',
    'Then replace the target in src with yours; README.md says how to go on.',
    '',
  ].join('\n');
}
