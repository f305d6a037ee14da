import { checkHost, sharedRedactor } from '@soar-feed/core/runtime';
import type { CheckLine, HostConfig } from '@soar-feed/core/runtime';
import type { FeedStore } from '@soar-feed/core';
import { KnexFeedStore } from '@soar-feed/store';
import { exitCodeOfCheck } from '../exitCodeOf.js';
import { exitCodes } from '../exitCodes.js';
import { configFileOf } from '../configFileOf.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { checkStatusPort } from '../http/checkStatusPort.js';
import { checkLogFile } from '../log/openLogFile.js';
import { loggerFor } from '../loggerFor.js';
import { Terminal } from '../output/Terminal.js';

export interface CheckArgs extends GlobalArgs {
  readonly json: boolean;
}

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export async function check(args: CheckArgs): Promise<number> {
  const log = loggerFor(args, new Terminal(process.stderr), { level: 'error', redactor: sharedRedactor });
  const lines: CheckLine[] = [];
  for await (const line of checkHost({
    configFile: configFileOf(args),
    hostFile,
    log,
    store,
    besides: async (config) => [...checkLogFile(config), ...(await checkStatusPort(config))],
  })) {
    lines.push(line);
    if (!args.json) process.stdout.write(textOf(line));
  }
  const failed = lines.filter((line) => line.state === 'fail');
  const [first] = failed;
  const warnings = lines.filter((line) => line.state === 'warn').length;
  if (args.json)
    process.stdout.write(`${JSON.stringify(sharedRedactor.redactAll({ ok: first === undefined, lines }), null, 2)}\n`);
  else
    process.stdout.write(
      first === undefined
        ? `Ready to run${warnings === 0 ? '' : `, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}.\n`
        : `${failed.length} of ${lines.length} checks failed.\n`,
    );
  return first === undefined ? exitCodes.done.code : exitCodeOfCheck(first.subject, first.code);
}

const store = ({ feeds }: HostConfig): FeedStore => new KnexFeedStore({ database: feeds.stateDb });

function textOf({ state, subject, feed, detail, advice }: CheckLine): string {
  const what = (feed === undefined ? subject : `${subject} ${feed}`).padEnd(12);
  const hint = advice === undefined ? '' : `\n${' '.repeat(SIGNS.ok.length + 2)}${advice}`;
  return sharedRedactor.redact(`${SIGNS[state]}  ${what}  ${detail}${hint}\n`);
}
