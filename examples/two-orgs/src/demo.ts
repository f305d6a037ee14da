/**
 * The main job in one go, on loopback: two simulated SOAR organizations and a message broker, and the real host, run as
 * an operator runs it. Loads every incident, follows an analyst's changes, then compares the two organizations object
 * by object: by the simulator's own comparison, and by `soar-feed verify`. Exits 0 when both find them equal.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareOrgs, demoOrgs, runWorkload, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { Comparison, Simulator } from '@soar-feed/soar-simulator';
import { appConfig } from './appConfig.js';
import { freePort } from './freePort.js';
import { HostProcess } from './HostProcess.js';
import { LatencyWatch } from './LatencyWatch.js';
import { countsTable, findingsText, reasonsText } from './report.js';
import { verify } from './verify.js';

const INCIDENTS = Number(process.env.DEMO_INCIDENTS ?? 40);
const OPERATIONS = Number(process.env.DEMO_OPERATIONS ?? 300);
const PER_SECOND = Number(process.env.DEMO_OPERATIONS_PER_SECOND ?? 25);
const WITHIN_MS = 120_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function demo(): Promise<boolean> {
  const orgs = demoOrgs();
  const simulator = await startSimulator({ orgs: [orgs.source, orgs.target] });
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-demo-'));
  let host: HostProcess | undefined;
  try {
    const source = simulator.org(orgs.source.id);
    say(
      `Two simulated organizations and a STOMP broker listen at ${simulator.restUrl} and port ${simulator.stompPort}.`,
    );
    const seeded = seedIncidents(source, { incidents: INCIDENTS });
    say(
      `"${source.name}" holds ${seeded.incidents} incidents with ${seeded.objects} objects; "${orgs.target.name}" is empty.`,
    );
    const configFile = join(folder, 'app.config');
    const statusPort = await freePort();
    writeFileSync(configFile, appConfig(simulator, { ...orgs, statusPort }));

    say(`\nsoar-feed run --config ${configFile}`);
    host = new HostProcess(configFile);
    host.onLine((line) => {
      if (line.event === 'reload.progress')
        say(`  loading: ${String(line.incidents)} incidents, ${String(line.objects)} objects`);
    });
    await host.event('host.ready', WITHIN_MS);
    say(`The page of the host: http://127.0.0.1:${statusPort}/`);
    const loaded = await host.event('reload.finished', WITHIN_MS);
    say(
      `Loaded: ${String(loaded.incidents)} incidents, ${String(loaded.objects)} objects in ${(Number(loaded.durationMs) / 1000).toFixed(1)} s.`,
    );

    say(`\nAnalysts work: ${OPERATIONS} changes of every kind, ${PER_SECOND} a second.`);
    const latency = new LatencyWatch(source);
    await runWorkload(source, { operations: OPERATIONS, perSecond: PER_SECOND, onOperation: () => latency.look() });
    await source.settled();
    latency.look();
    await latency.allAnswered(WITHIN_MS);
    say(`${latency.count} messages went through the queue; from the change to its acknowledgement:`);
    say(`latency p50 ${latency.percentile(50)} ms, p99 ${latency.percentile(99)} ms`);

    const comparison = await whenStill(simulator, orgs.source.id, orgs.target.id);
    say(`\n${countsTable(comparison)}\n${reasonsText(comparison)}`);
    if (!comparison.identical) say(findingsText(comparison));
    say(`identical: ${comparison.identical ? 'yes' : 'no'}`);

    say(`\nsoar-feed verify --config ${configFile}`);
    const verified = await verify(configFile);
    if (process.env.DEMO_STAY !== undefined) await interrupted(`http://127.0.0.1:${statusPort}/`);
    const exitCode = await host.stop(WITHIN_MS);
    say(`\nThe host stopped with exit code ${exitCode}.`);
    say(`verified: ${verified === 0 ? 'yes' : 'no'}`);
    return comparison.identical && verified === 0 && exitCode === 0;
  } finally {
    host?.kill();
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What waited for its parent follows a moment after the last answer: compares until both are equal or time is up. */
async function whenStill(simulator: Simulator, sourceId: number, targetId: number): Promise<Comparison> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const comparison = compareOrgs(simulator.dump(sourceId), simulator.dump(targetId));
    if (comparison.identical || Date.now() > deadline) return comparison;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Ctrl-C stops the host, too: it gets the signal itself. */
function interrupted(page: string): Promise<void> {
  say(`\nThe host keeps running until Ctrl-C, with its page at ${page}`);
  return new Promise((resolve) => process.once('SIGINT', () => resolve()));
}

try {
  process.exitCode = (await demo()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
