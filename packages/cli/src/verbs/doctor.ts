import { writeFileSync } from 'node:fs';
import { examineHost, sharedRedactor } from '@soar-feed/core/runtime';
import type { ExaminedFeed, HostExamination } from '@soar-feed/core/runtime';
import type { Finding } from '@soar-feed/core';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { loggerFor } from '../loggerFor.js';
import { findingsText } from '../output/findingsText.js';
import { Terminal } from '../output/Terminal.js';
import { UsageError } from '../UsageError.js';

export interface DoctorArgs extends GlobalArgs {
  readonly feed?: string | undefined;
  readonly export?: string | undefined;
  readonly json: boolean;
}

export async function doctor(args: DoctorArgs): Promise<number> {
  const { feed, export: file } = args;
  const log = loggerFor(args, new Terminal(process.stderr), { level: 'error', redactor: sharedRedactor });
  const examined = await examineHost({
    configFile: configFileOf(args),
    hostFile,
    log,
    signal: new AbortController().signal,
    ...(feed === undefined ? {} : { feed }),
  });
  const written = file === undefined ? '' : exportTo(file, examined.feeds);
  const findings = [examined.source, ...examined.feeds].flatMap((each) => each.findings ?? []);
  const ok = findings.every(({ gravity }) => gravity === 'changes' || gravity === 'note');
  if (args.json) {
    const feeds = examined.feeds.map(({ name, type, findings: found }) => ({ name, type, findings: found ?? null }));
    say(`${JSON.stringify(sharedRedactor.redactAll({ ok, source: examined.source, feeds }), null, 2)}\n`);
  } else say(`${textOf(examined)}${written}${verdict(findings)}`);
  return (ok ? exitCodes.done : exitCodes.unfit).code;
}

function textOf({ source, feeds }: HostExamination): string {
  const parts = [
    [`Source: ${source.name} (id ${source.id}) on ${source.host}`, source.findings] as const,
    ...feeds.map(({ name, type, findings }) => [`Feed ${name} (${type})`, findings] as const),
  ];
  return parts.map(([heading, findings]) => `${heading}\n\n${bodyOf(findings)}\n`).join('');
}

function bodyOf(findings: readonly Finding[] | undefined): string {
  if (findings === undefined)
    return 'Its target takes every object as it is, or cannot compare itself; "check" tests it.\n';
  return findings.length === 0 ? 'Nothing stands in the way.\n' : findingsText(findings);
}

function verdict(findings: readonly Finding[]): string {
  const count = (gravity: Finding['gravity']): number => findings.filter((each) => each.gravity === gravity).length;
  if (findings.length === 0) return 'Source and targets fit.\n';
  return `Findings: ${count('blocks')} refused, ${count('loses')} lost, ${count('changes')} changed, ${count('note')} worth knowing. Nothing was written.\n`;
}

/** Writes the import of the one feed whose organization lacks something; returns what to say. Throws `UsageError`. */
function exportTo(file: string, feeds: readonly ExaminedFeed[]): string {
  const lacking = feeds.filter(({ configuration }) => configuration !== undefined);
  const [first, second] = lacking;
  if (second !== undefined) {
    const names = lacking.map(({ name }) => name).join(', ');
    throw new UsageError(
      `--export writes one organization's import, and several lack something: ${names}. Add --feed.`,
    );
  }
  if (first === undefined) return 'Nothing to export: no target lacks anything that an import can add.\n';
  try {
    writeFileSync(file, `${JSON.stringify(first.configuration, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(
      `--export: ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    );
  }
  return `${file} is written. To make it: soar-feed customize --target ${first.name} --import ${file}\n\n`;
}

function say(text: string): void {
  process.stdout.write(sharedRedactor.redact(text));
}
