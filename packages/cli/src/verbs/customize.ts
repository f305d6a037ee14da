import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { openCustomizable, sharedRedactor } from '@soar-feed/core/runtime';
import type { CustomizableOrg, Customization, PlanItem, Undoing } from '@soar-feed/core/runtime';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { planText } from '../output/planText.js';
import { UsageError } from '../UsageError.js';

export interface CustomizeArgs extends GlobalArgs {
  readonly target?: string | undefined;
  readonly import?: string | undefined;
  readonly undo: boolean;
  readonly print: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

type Plan = Customization | Undoing;

export async function customize(args: CustomizeArgs): Promise<number> {
  const { target } = args;
  const file = args.import === undefined ? undefined : readImport(args.import);
  const org = await openCustomizable({
    configFile: configFileOf(args),
    hostFile,
    ...(target === undefined ? {} : { target }),
  });
  try {
    const plan = args.undo ? await org.planUndo() : file === undefined ? await org.plan() : await org.planImport(file);
    if (args.print && 'configuration' in plan) {
      process.stdout.write(`${JSON.stringify(plan.configuration, null, 2)}\n`);
      return exitCodes.done.code;
    }
    return await carryOut(args, org, plan);
  } finally {
    await org.close();
  }
}

async function carryOut(args: CustomizeArgs, org: CustomizableOrg, plan: Plan): Promise<number> {
  const toDo = plan.items.filter(({ state }) => ['create', 'update', 'remove'].includes(state)).length;
  if (!args.json) say(`${org.name} (id ${org.id}) on ${org.host}\n\n${planText(plan.items)}\n`);
  const isAgreed = toDo > 0 && (args.yes || (!args.json && (await confirmed(args, toDo, org.name))));
  const failed = isAgreed ? await plan.apply() : [];
  if (args.json) {
    const { name, id, host } = org;
    const report = { organization: { name, id, host }, applied: isAgreed, items: plan.items, failed };
    process.stdout.write(`${JSON.stringify(sharedRedactor.redactAll(report), null, 2)}\n`);
  } else say(ending(args, { toDo, isAgreed, failed }));
  if (toDo > 0 && !isAgreed && !args.json) return exitCodes.nothingDone.code;
  const differs = plan.items.some(({ state }) => state === 'differs');
  return (failed.length > 0 || differs ? exitCodes.notCustomized : exitCodes.done).code;
}

function ending(
  { undo }: CustomizeArgs,
  { toDo, isAgreed, failed }: { toDo: number; isAgreed: boolean; failed: readonly PlanItem[] },
): string {
  if (toDo === 0) return undo ? 'Nothing to remove.\n' : 'Nothing to do.\n';
  if (!isAgreed) return 'Nothing was changed.\n';
  const done = undo ? 'Removed' : 'Done';
  if (failed.length === 0) return `${done}: ${toDo} of ${toDo}.\n`;
  const advice = undo
    ? 'Delete it by hand, in the customization settings:'
    : 'Make it by hand; the feed runs without it:';
  return `${done}: ${toDo - failed.length} of ${toDo}. ${advice}\n${planText(failed)}`;
}

function say(text: string): void {
  process.stdout.write(sharedRedactor.redact(text));
}

async function confirmed({ undo }: CustomizeArgs, toDo: number, org: string): Promise<boolean> {
  if (!(process.stdin.isTTY && process.stderr.isTTY))
    throw new UsageError('There is no terminal to ask on: add --yes to do it, or --print to see the import.');
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await line.question(`${undo ? 'Remove' : 'Make'} these ${toDo} in ${org}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    line.close();
  }
}

/** A configuration as an export has it. Throws `UsageError`. */
function readImport(file: string): Parameters<CustomizableOrg['planImport']>[0] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--import: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    );
  }
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || !('export_format_version' in value))
    throw new UsageError(
      `--import: ${file} is no export of a SOAR organization: expected JSON with export_format_version.`,
    );
  return value as Parameters<CustomizableOrg['planImport']>[0];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
