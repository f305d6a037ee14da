import type { World } from '../world/World.js';
import type { Dumps } from './Dumps.js';
import type { Finding } from './Finding.js';
import { judgeBundles } from './judgeBundles.js';
import { judgeEqual } from './judgeEqual.js';
import { judgeFiles } from './judgeFiles.js';
import { judgeHeld } from './judgeHeld.js';
import { judgeSecrets } from './judgeSecrets.js';
import { judgeAcks, judgeCounts, judgeOutlived, judgeParked } from './judgeState.js';
import { leftBehind } from './leftBehind.js';
import { readState } from './State.js';

/** At any instant, on what is in the files; also where a process was killed. */
export async function judgeInstant(world: World): Promise<readonly Finding[]> {
  const state = await readState(world);
  return [...judgeAcks(world, state), ...judgeCounts(state), ...judgeHeld(world, state)];
}

/** Once all is quiet, before a person has anything tried again. */
export async function judgeFailed(world: World): Promise<readonly Finding[]> {
  const kept = [...world.source.incidentIds(), ...leftBehind(world.workspaces, 'Red Team')];
  return judgeOutlived(await readState(world), kept);
}

/** Once all is quiet and the host has stopped. */
export async function judgeQuiet(world: World): Promise<readonly Finding[]> {
  const { simulator, queue, source, target, story, machine } = world;
  const state = await readState(world);
  const dumps: Dumps = { source: simulator.dump(source.id), target: simulator.dump(target.id) };
  const findings: Finding[] = [
    ...judgeAcks(world, state),
    ...judgeCounts(state),
    // Without the mapping nobody can tell what is a twin; nor where the source was restored and the rows of an incident are lost.
    ...((world.counts['lose-mapping'] ?? 0) > 0 || (world.restored && world.hasLostRows) ? [] : world.witness.findings),
    ...world.waits.findings,
    ...judgeEqual(world, state, dumps),
    ...judgeParked(state, world.hasLostRows),
    ...judgeBundles(world),
    ...judgeSecrets(world, dumps),
    ...(story.site.fileFeed ? judgeFiles(world, dumps) : []),
  ];
  const say = (check: Finding['check'], text: string): void => void findings.push({ check, text });
  if (simulator.broker.depth(queue) > 0) say('queue', `${simulator.broker.depth(queue)} messages are still queued`);
  const buried = simulator.broker.depth('ActiveMQ.DLQ');
  if (buried > 0) say('queue', `${buried} messages were refused and are in ActiveMQ.DLQ`);
  const pending = source.invocations().filter(({ status }) => status === 'pending').length;
  if (pending > 0) say('answers', `${pending} messages were never answered`);
  for (const text of world.mishaps) say('host', text);
  for (const error of machine.uncaught) say('host', `nobody caught: ${wordsOf(error)}`);
  return findings;
}

export function wordsOf(error: unknown): string {
  return error instanceof Error
    ? `${error.message} ${(error.stack ?? '').split('\n')[1]?.trim() ?? ''}`
    : String(error);
}
