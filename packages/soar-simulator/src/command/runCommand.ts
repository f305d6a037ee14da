import { seedIncidents } from '../seed/seedIncidents.js';
import { startSimulator } from '../startSimulator.js';
import { runWorkload } from '../workload/runWorkload.js';
import { connectionFacts, describeFacts } from './connectionFacts.js';
import { readArguments } from './readArguments.js';
import type { SimulatorArguments } from './readArguments.js';

/**
 * The `soar-simulator` command: starts the simulator, prints how to connect, and runs until the signal.
 *
 * @throws Error for invalid arguments, a port in use, or a workload that the org refuses
 */
export async function runCommand(
  argv: readonly string[],
  { print, signal }: { print(line: string): void; signal: AbortSignal },
): Promise<void> {
  const given = await readArguments(argv, print);
  if (!given) return;
  const simulator = await startSimulator({
    orgs: given.orgs,
    host: given.host,
    restPort: given.restPort,
    stompPort: given.stompPort,
    tls: given.tls,
    latencyMs: given.latencyMs,
    capacity: given.capacity,
    random: given.seed,
    ...(given.certDir === undefined ? {} : { certificateFolder: given.certDir }),
    ...(given.broker === undefined ? {} : { broker: given.broker }),
  });
  try {
    const first = simulator.org(given.orgs[0]?.id ?? 0);
    seedIncidents(first, { incidents: given.incidents, files: given.files, seed: given.seed });
    const facts = connectionFacts(simulator, given.orgs);
    print(given.json ? JSON.stringify(facts) : describeFacts(facts));
    if (!given.json) for (const line of differenceLines(given)) print(line);
    if (given.workload > 0) {
      const { workload: perSecond, seed } = given;
      await runWorkload(first, { operations: Infinity, perSecond, seed, signal });
    }
    await aborted(signal);
  } finally {
    await simulator.stop();
  }
}

function differenceLines({ orgs, differences }: SimulatorArguments): readonly string[] {
  if (differences.length === 0) return [];
  const lines = differences.map(({ says }, at) => `  ${at + 1}. ${says}`);
  return ['', `${orgs[1]?.name} differs from ${orgs[0]?.name} in ${differences.length} ways:`, ...lines];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
