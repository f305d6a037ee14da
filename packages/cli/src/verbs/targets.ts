import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { listTargets } from '../listTargets.js';
import type { ListedTarget } from '../listTargets.js';
import { configPlaceOf } from '../configFileOf.js';

export interface TargetsArgs extends GlobalArgs {
  readonly json: boolean;
}

export async function targets(args: TargetsArgs): Promise<number> {
  const found = await listTargets(configPlaceOf(args));
  process.stdout.write(args.json ? `${JSON.stringify(found.map(factsOf), null, 2)}\n` : textOf(found));
  return exitCodes.done.code;
}

function factsOf({ definition, ...target }: ListedTarget): object {
  return { ...target, usable: target.problem === undefined, ...(definition && { summary: definition.summary }) };
}

function textOf(found: readonly ListedTarget[]): string {
  if (found.length === 0) {
    return 'No target package is found. Install one beside the config file, such as @soar-feed/file-feed.\n';
  }
  return found.map(blockOf).join('\n');
}

function blockOf({
  packageName,
  version,
  types,
  contract,
  folder,
  foundBy,
  definition,
  problem,
}: ListedTarget): string {
  const lines = [
    `${packageName}${version === undefined ? '' : ` ${version}`}${problem === undefined ? '' : '  BROKEN'}`,
    problem ?? definition?.summary ?? '',
    types && `class=${types.join(' | ')}  (contract ${contract})`,
    folder && `${folder}  (${foundBy})`,
  ];
  return lines
    .flatMap((line, at) => (line === undefined || line === '' ? [] : [`${at === 0 ? '' : '  '}${line}\n`]))
    .join('');
}
