import { sharedRedactor } from '@soar-feed/core/runtime';
import type { VerifyReport } from '@soar-feed/core/runtime';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import { loggerFor } from '../loggerFor.js';
import { stateConfigOf, withState } from '../openState.js';
import { widthOf } from '../output/table.js';
import { Terminal } from '../output/Terminal.js';
import { verifyText } from '../output/verifyText.js';
import { VerifyFile } from '../verify/VerifyFile.js';
import type { VerifyScope } from '../verify/VerifyFile.js';
import { verifiable, verifyFeeds } from '../verify/verifyFeeds.js';
import { withInspection } from '../withInspection.js';
import type { InspectionArgs } from '../withInspection.js';

export interface VerifyArgs extends InspectionArgs {
  readonly incident?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly sample: number;
  readonly method?: 'search' | 'query' | undefined;
  readonly concurrency: number;
  readonly restart: boolean;
  readonly json: boolean;
}

/** Reads both organizations and writes to neither, beside whatever host runs. */
export async function verify(args: VerifyArgs): Promise<number> {
  const file = new VerifyFile(configFileOf(args));
  const terminal = new Terminal(process.stderr);
  const state = stateConfigOf(args);
  const report = await withInspection(args, { ask: true }, (inspection, signal) => {
    const scope = scopeOf(args, verifiable(inspection));
    return withState(state, { readOnly: true }, async (store) => {
      const left = args.restart ? undefined : await interrupted(file, scope);
      if (left !== undefined) terminal.writeLine(`Goes on above incident ${left.upToId}.`);
      let last: VerifyReport | undefined = left?.report;
      // The file is written in order, and never twice at once.
      let written: Promise<void> = Promise.resolve();
      const onProgress = (upToId: number, so: VerifyReport): void => {
        last = so;
        terminal.status(`Verify: ${so.incidents} incidents, ${so.objects} objects, ${so.drift.length} differ so far`);
        written = written.then(() => file.write({ version: 1, scope, upToId, report: so }));
        written.catch(() => undefined); // thrown below
      };
      const { reloadQueryApiMethod } = inspection.prepared.config.feeds;
      const byConfig = reloadQueryApiMethod || args.incident !== undefined ? 'query' : 'search';
      const log = loggerFor(args, terminal, { level: 'warn', redactor: sharedRedactor });
      try {
        const whole = await verifyFeeds({
          ...{ inspection, store, scope, log, signal, concurrency: args.concurrency, onProgress },
          method: args.method ?? byConfig,
          ...(left === undefined ? {} : { before: left }),
        });
        await written;
        await file.write({ version: 1, scope, upToId: Number.MAX_SAFE_INTEGER, report: whole });
        return whole;
      } catch (error) {
        await written;
        if (!signal.aborted) throw error;
        return last;
      } finally {
        terminal.status('');
      }
    });
  });
  return tell(report, args.json);
}

function tell(report: VerifyReport | undefined, asJson: boolean): number {
  if (report === undefined) {
    process.stderr.write('Interrupted before anything was compared.\n');
    return exitCodes.verifyIncomplete.code;
  }
  const shown = sharedRedactor.redactAll(report);
  process.stdout.write(asJson ? `${JSON.stringify(shown, null, 2)}\n` : verifyText(shown, widthOf(process.stdout)));
  if (!report.complete) process.stderr.write('Interrupted: the same command goes on from there.\n');
  if (report.drift.length > 0) return exitCodes.drift.code;
  return (report.complete && report.faults.length === 0 ? exitCodes.done : exitCodes.verifyIncomplete).code;
}

function scopeOf({ incident, min = 0, max, sample }: VerifyArgs, feeds: readonly string[]): VerifyScope {
  if (incident !== undefined) return { feeds, minIncidentId: incident, maxIncidentId: incident, sample: 100 };
  return { feeds, minIncidentId: min, ...(max === undefined ? {} : { maxIncidentId: max }), sample };
}

async function interrupted(file: VerifyFile, scope: VerifyScope) {
  const last = await file.read();
  const same = last !== undefined && JSON.stringify(last.scope) === JSON.stringify(scope);
  return same && !last.report.complete ? { report: last.report, upToId: last.upToId } : undefined;
}
