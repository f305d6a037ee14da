import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FeedTargetPackage } from '@soar-feed/core';
import { discoverTargets, loadTarget, targetFor } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { skeleton } from '../output/skeleton.js';
import { UsageError } from '../UsageError.js';

export interface ConfigInitArgs extends GlobalArgs {
  readonly file?: string | undefined;
  readonly class: readonly string[];
  readonly force: boolean;
  readonly minimal: boolean;
}

export async function configInit(args: ConfigInitArgs): Promise<number> {
  // yargs hands over the positional "-" as an empty text.
  const isPrinted = args.file === '-' || args.file === '';
  const file = resolve(args.config ?? (process.env['APP_CONFIG_FILE'] || 'app.config'));
  const place = args.file === undefined || isPrinted ? file : resolve(args.file);
  const text = skeleton(await loadClasses(args.class, place), { minimal: args.minimal });
  if (isPrinted) {
    process.stdout.write(text);
    return exitCodes.done.code;
  }
  write(place, text, args.force);
  process.stdout.write(`${place} is written. Fill it in, then test it: soar-feed check -c ${place}\n`);
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
    if (code === 'EEXIST') throw new UsageError(`${file} exists and was not changed; --force overwrites it.`);
    throw new UsageError(
      `${file} cannot be written (${code ?? String(error)}); name another file, or "-" to print it.`,
    );
  }
}
