import { sharedRedactor } from '@soar-feed/core/runtime';
import type { Drift, ReloadReport, Repair } from '@soar-feed/core/runtime';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import { askHost } from '../http/askHost.js';
import { controlPath } from '../http/controlPath.js';
import { HostDoors } from '../http/HostDoors.js';
import { loggerFor } from '../loggerFor.js';
import { onStopSignal } from '../onStopSignal.js';
import { openHost } from '../openHost.js';
import { stateConfigOf, withState } from '../openState.js';
import { Terminal } from '../output/Terminal.js';
import { driftText } from '../output/verifyText.js';
import { UsageError } from '../UsageError.js';
import { repairsOf } from '../verify/repairsOf.js';
import { VerifyFile } from '../verify/VerifyFile.js';
import type { VerifyState } from '../verify/VerifyFile.js';
import { verifiable, verifyFeeds } from '../verify/verifyFeeds.js';
import { withInspection } from '../withInspection.js';
import type { InspectionArgs } from '../withInspection.js';

export interface RepairArgs extends InspectionArgs {
  readonly incident?: number | undefined;
  readonly plan: boolean;
  readonly deletes: boolean;
  readonly json: boolean;
}

/** Works off what the last `verify` found, then compares the same incidents once more. */
export async function repair(args: RepairArgs): Promise<number> {
  const file = new VerifyFile(configFileOf(args));
  const state = await lastOf(file);
  const chosen = state.report.drift.filter(isChosen(args));
  const repairs = repairsOf(chosen, args);
  const untouched = chosen.filter((one) => one.cause === 'parked' || (one.cause === 'extra' && !args.deletes));
  if (args.plan || repairs.length === 0) return tellPlan(args, repairs, chosen, untouched);
  const done = await carryOut(args, repairs);
  const left = await compareAgain(args, done);
  const others = state.report.drift.filter((one) => !done.some((of) => isOf(one, of)));
  await file.write({ ...state, report: { ...state.report, drift: [...others, ...left] } });
  const alone = untouched.filter((one) => !done.some((of) => isOf(one, of)));
  return tell(args, { incidents: done.length, ofIncidents: repairs.length, left: [...left, ...alone] });
}

async function lastOf(file: VerifyFile): Promise<VerifyState> {
  const state = await file.read();
  if (state !== undefined) return state;
  throw new UsageError('There is nothing to repair yet: run "soar-feed verify" first.');
}

function isChosen({ feed, incident }: RepairArgs): (drift: Drift) => boolean {
  return (drift) =>
    (feed === undefined || drift.feed === feed) && (incident === undefined || drift.key.incidentId === incident);
}

function isOf(drift: Drift, { feed, incidentId }: Repair): boolean {
  return drift.feed === feed && drift.key.incidentId === incidentId;
}

/** By the running host; if none runs, by a host for this command. A signal ends it after the incident at hand. */
async function carryOut(args: RepairArgs, repairs: readonly Repair[]): Promise<readonly Repair[]> {
  const path = controlPath(stateConfigOf(args));
  const terminal = new Terminal(process.stderr);
  let stopping = false;
  const endListening = onStopSignal(() => (stopping = true));
  const done: Repair[] = [];
  const all = async (one: (repair: Repair) => Promise<unknown>): Promise<void> => {
    for (const repair of repairs) {
      if (stopping) return;
      terminal.status(`Repair: ${done.length} of ${repairs.length} incidents`);
      await one(repair);
      done.push(repair);
    }
  };
  const there = (repair: Repair) => askHost<ReloadReport>(path, { method: 'POST', path: '/repair', body: repair });
  try {
    const runs = (await askHost(path, { method: 'GET', path: '/status' })) !== undefined;
    if (runs) await all(there);
    else await withOwnHost(args, terminal, all);
    return done;
  } finally {
    terminal.status('');
    endListening();
  }
}

async function withOwnHost(
  args: RepairArgs,
  terminal: Terminal,
  all: (one: (repair: Repair) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const opened = await openHost(args, terminal, { level: 'warn' });
  const doors = await HostDoors.open(opened, { monitoring: false });
  try {
    await opened.host.start({ queue: false, reload: false, patient: false });
    await all((repair) => opened.host.repair(repair));
  } finally {
    await opened.host.stop();
    await doors.close();
  }
}

async function compareAgain(args: RepairArgs, done: readonly Repair[]): Promise<readonly Drift[]> {
  const log = loggerFor(args, new Terminal(process.stderr), { level: 'warn', redactor: sharedRedactor });
  return withInspection(args, { ask: true }, (inspection, signal) =>
    withState(stateConfigOf(args), { readOnly: true }, async (store) => {
      const able = verifiable(inspection);
      const left: Drift[] = [];
      const incidents = new Map(done.map(({ feed, incidentId }) => [`${feed} ${incidentId}`, { feed, incidentId }]));
      for (const { feed, incidentId } of incidents.values()) {
        const feeds = able.filter((name) => name === feed);
        const scope = { feeds, minIncidentId: incidentId, maxIncidentId: incidentId, sample: 100 };
        const work = { inspection, store, scope, method: 'query', concurrency: 1, log, signal } as const;
        left.push(...(await verifyFeeds(work)).drift);
      }
      return left;
    }),
  );
}

function tellPlan(
  { json, deletes }: RepairArgs,
  repairs: readonly Repair[],
  chosen: readonly Drift[],
  untouched: readonly Drift[],
): number {
  if (json) {
    process.stdout.write(`${JSON.stringify(sharedRedactor.redactAll({ repairs, untouched }), null, 2)}\n`);
  } else {
    const objects = repairs.reduce((sum, { objects: those, deletes: extra }) => sum + those.length + extra, 0);
    const acted = chosen.filter((one) => !untouched.includes(one));
    const lines = [
      ...acted.map((one) => `  ${driftText(one, true)}`),
      repairs.length === 0
        ? 'There is nothing to repair.'
        : `A repair loads ${repairs.length} ${repairs.length === 1 ? 'incident' : 'incidents'} for ${objects} ${objects === 1 ? 'object' : 'objects'}, and writes what differs then.`,
      ...untouchedText(untouched, deletes),
    ];
    process.stdout.write(sharedRedactor.redact(lines.map((line) => `${line}\n`).join('')));
  }
  return (chosen.length === 0 ? exitCodes.done : exitCodes.drift).code;
}

function untouchedText(untouched: readonly Drift[], deletes: boolean): readonly string[] {
  const parked = untouched.filter(({ cause }) => cause === 'parked').length;
  const extra = untouched.length - parked;
  return [
    ...(parked === 0 ? [] : [`Left alone: ${parked} parked; see "soar-feed parked list".`]),
    ...(extra === 0 || deletes ? [] : [`Left alone: ${extra} extra; --deletes deletes them in the target.`]),
  ];
}

interface Outcome {
  readonly incidents: number;
  readonly ofIncidents: number;
  readonly left: readonly Drift[];
}

function tell({ json, deletes }: RepairArgs, outcome: Outcome): number {
  const { incidents, ofIncidents, left } = outcome;
  const stopped = incidents < ofIncidents;
  if (json) process.stdout.write(`${JSON.stringify(sharedRedactor.redactAll(outcome), null, 2)}\n`);
  else {
    const inAll = stopped ? ` of ${ofIncidents}` : '';
    const lines = [
      `Repaired: ${incidents}${inAll} ${incidents === 1 && !stopped ? 'incident' : 'incidents'}, compared again: ${left.length === 0 ? 'equal' : `${left.length} not equal`}.`,
      ...left.map((one) => `  ${driftText(one, true)}`),
      ...untouchedText(left, deletes),
      ...(stopped ? ['Interrupted: the same command goes on.'] : []),
    ];
    process.stdout.write(sharedRedactor.redact(lines.map((line) => `${line}\n`).join('')));
  }
  return (left.length === 0 && !stopped ? exitCodes.done : exitCodes.drift).code;
}
