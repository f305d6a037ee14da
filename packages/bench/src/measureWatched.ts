/** Measures a host of its own, quiet or watched: prepares everything, says so, begins when told to, and sends its figures. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandRun } from './CommandRun.js';
import { login, replica } from './makeHost.js';
import { percentile } from './percentile.js';
import { SimulatorHandle } from './SimulatorHandle.js';
import { Watchers } from './Watchers.js';

export interface Watched {
  /** ms from a change at the source to its durable arrival in the replica. */
  readonly arrivalP50: number;
  readonly arrivalP99: number;
  /** Changes that never arrived. */
  readonly lost: number;
  /** What the watchers did meanwhile. */
  readonly requests: number;
  readonly tapped: number;
  readonly verified: number;
}

/** How long the last changes may take. */
const PATIENCE_MS = 60_000;

const [how = 'quiet', changes, perSecond, incidents, port] = process.argv.slice(2);

process.send?.(await measure());
process.disconnect();

async function measure(): Promise<Watched> {
  const simulator = await SimulatorHandle.start({ incidents: Number(incidents) });
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-'));
  const config = join(folder, 'app.config');
  const { facts } = simulator;
  const sections = [
    `[resilient]\n${login(facts, 201)}stomp_port=${facts.stompPort}\n`,
    `[feeds]\nfeed_names=replica\nstatus_port=${port}\n`,
    `[replica]\n${replica(facts)}`,
  ];
  writeFileSync(config, sections.join('\n'));
  const host = new CommandRun(['run', '-c', config, '--log-format', 'json', '--log-level', 'debug']);
  await host.logged(({ event }) => event === 'host.ready');
  await new CommandRun(['reload', '-c', config]).ended;
  const arrivals = new Map<unknown, number>();
  host.onLine(({ msg, type, objectId, time }) => {
    if (msg === 'delivered' && type === 'note') arrivals.set(objectId, Number(new Date(time as string | number)));
  });
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const watchers = how === 'watched' ? new Watchers(config, Number(port)) : undefined;
  const made = await simulator.changes(Number(changes), Number(perSecond));
  const isMissing = ({ noteId }: { readonly noteId: number }): boolean => !arrivals.has(noteId);
  for (const deadline = performance.now() + PATIENCE_MS; made.some(isMissing) && performance.now() < deadline;)
    await sleep(100);
  const seen = await watchers?.stop();
  host.stop();
  await host.ended;
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
  const took = made.flatMap(({ noteId, madeAtMs }) => {
    const arrivedAtMs = arrivals.get(noteId);
    return arrivedAtMs === undefined ? [] : [arrivedAtMs - madeAtMs];
  });
  return {
    arrivalP50: Math.round(percentile(took, 0.5)),
    arrivalP99: Math.round(percentile(took, 0.99)),
    lost: made.filter(isMissing).length,
    ...{ requests: 0, tapped: 0, verified: 0 },
    ...seen,
  };
}
