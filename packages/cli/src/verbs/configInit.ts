import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedTargetPackage } from '@soar-feed/core';
import { discoverTargets, loadTarget, targetFor } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { askForConfig } from '../configFile/askForConfig.js';
import type { ConfigAnswers } from '../configFile/askForConfig.js';
import { listTargets } from '../listTargets.js';
import { skeleton } from '../output/skeleton.js';
import { UsageError } from '../UsageError.js';

export interface ConfigInitArgs extends GlobalArgs {
  readonly file?: string | undefined;
  readonly class?: readonly string[] | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly minimal: boolean;
}

export async function configInit(args: ConfigInitArgs): Promise<number> {
  // yargs hands over the positional "-" as an empty text.
  const isPrinted = args.file === '-' || args.file === '';
  const file = resolve(args.config ?? (process.env['APP_CONFIG_FILE'] || 'app.config'));
  const place = args.file === undefined || isPrinted ? file : resolve(args.file);
  const asks = !args.yes && !isPrinted && process.stdin.isTTY && process.stderr.isTTY;
  if (asks && !args.force && existsSync(place)) throw exists(place);
  const { classes, given } = asks
    ? await askOnTerminal(args, place)
    : { classes: args.class ?? ['resilient'], given: {} };
  const text = skeleton(await loadClasses(classes, place), { minimal: args.minimal, given });
  if (isPrinted) {
    process.stdout.write(text);
    return exitCodes.done.code;
  }
  write(place, text, args.force);
  const next = asks ? 'Put the secrets where it looks for them ($NAME: a variable, or a file)' : 'Fill it in';
  process.stdout.write(`${place} is written. ${next}, then test it: soar-feed check -c ${place}\n`);
  return exitCodes.done.code;
}

/** The packages that the file would find in that place. Throws `TargetLoadError`. */
async function loadClasses(classes: readonly string[], configFile: string): Promise<readonly FeedTargetPackage[]> {
  const found = discoverTargets({ configFile, hostFile });
  const loaded: FeedTargetPackage[] = [];
  for (const name of classes) loaded.push(await loadTarget(targetFor(name, found)));
  return loaded;
}

function write(file: string, text: string, force: boolean): void {
  try {
    // Nobody else may read it, because people do write passwords into it.
    writeFileSync(file, text, { mode: 0o600, flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(file);
    throw new UsageError(
      `${file} cannot be written (${code ?? String(error)}); name another file, or "-" to print it.`,
    );
  }
}

function exists(file: string): UsageError {
  return new UsageError(`${file} exists and was not changed; --force overwrites it.`);
}

async function askOnTerminal(args: ConfigInitArgs, place: string): Promise<ConfigAnswers> {
  const targets = (await listTargets(place)).flatMap(({ definition }) => definition ?? []);
  const line = createInterface({ input: process.stdin, output: process.stderr });
  // Lines that are pasted at once wait in the iterator; a question of readline would only hear the first.
  const lines = line[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    line.setPrompt(question);
    line.prompt();
    const { done, value } = await lines.next();
    // Ctrl-D ends the input.
    if (done === true) throw new UsageError('The questions were not answered; nothing was written.');
    return value;
  };
  try {
    return await askForConfig({
      ask,
      say: (text) => process.stderr.write(text),
      targets,
      ...(args.class === undefined ? {} : { classes: args.class }),
    });
  } finally {
    line.close();
  }
}
