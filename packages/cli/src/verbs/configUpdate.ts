import { readFileSync } from 'node:fs';
import { ConfigError, FeedError } from '@soar-feed/core';
import type { FeedTargetPackage } from '@soar-feed/core';
import { decodeConfigText } from '@soar-feed/core/runtime';
import { planUpdate } from '../configFile/planUpdate.js';
import type { ConfigUpdate } from '../configFile/planUpdate.js';
import { replaceFile } from '../configFile/replaceFile.js';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { listTargets } from '../listTargets.js';
import { UsageError } from '../UsageError.js';

export interface ConfigUpdateArgs extends GlobalArgs {
  readonly write: boolean;
  readonly json: boolean;
}

export async function configUpdate(args: ConfigUpdateArgs): Promise<number> {
  const file = configFileOf(args);
  const bytes = readBytes(file);
  const decoded = decodeConfigText(bytes);
  if ('problem' in decoded) throw new ConfigError([{ section: 'app.config', problem: decoded.problem }], file);
  const definitions = await definitionsFor(file);
  const update = planUpdate(decoded.text, file, (className) =>
    definitions.find(({ type, aliases = [] }) => [type, ...aliases].includes(className)),
  );
  const isWritten = args.write && update.added.length > 0;
  if (!args.json) process.stdout.write(update.added.length === 0 ? '' : update.text.diff(update.insertions));
  if (isWritten) replaceFile(file, bytes, markOf(bytes) + update.text.with(update.insertions));
  const report = { file, added: update.added, written: isWritten };
  process.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : ending(file, update, isWritten));
  return exitCodes.done.code;
}

function ending(file: string, { added }: ConfigUpdate, isWritten: boolean): string {
  if (added.length === 0) return `Nothing is missing in ${file}.\n`;
  const sections = [...new Set(added.map(({ section }) => `[${section}]`))].join(', ');
  const count = `${added.length} ${added.length === 1 ? 'key' : 'keys'} in ${sections}`;
  return isWritten ? `\nAdded to ${file}: ${count}.\n` : `\nNothing was changed. With --write, this adds ${count}.\n`;
}

/** A decoder drops the byte order mark. */
function markOf(bytes: Uint8Array): string {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\uFEFF' : '';
}

/** A section whose package is missing is left as it is; `check` names it. */
async function definitionsFor(file: string): Promise<readonly FeedTargetPackage[]> {
  try {
    return (await listTargets(file)).flatMap(({ definition }) => definition ?? []);
  } catch (error) {
    if (FeedError.is(error)) return [];
    throw error;
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${file} cannot be read (${code ?? String(error)}); "soar-feed config init" writes a new one.`,
    );
  }
}
