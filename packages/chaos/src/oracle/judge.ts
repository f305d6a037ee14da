import type { World } from '../world/World.js';
import { compareAll } from './compareAll.js';
import { expectedFailures } from './expectedFailures.js';
import type { Finding } from './Finding.js';
import { judgeFiles } from './judgeFiles.js';
import { judgeRows } from './judgeRows.js';
import { judgeOutcomes } from './judgeOutcomes.js';
import { judgeParked } from './judgeParked.js';
import { keptTasks } from './keptTasks.js';
import { readState } from './readState.js';

/**
 * Judges whether the promise held, once the host has stopped, by the broker, the two organizations and the database
 * file. It asks nothing of the host itself, whose counters died with its processes.
 */
export async function judge(world: World): Promise<readonly Finding[]> {
  const state = await readState(world.stateFile, 'all');
  const failures = expectedFailures(world);
  return [
    ...judgeOutcomes(world, state),
    ...compareAll(world, failures, keptTasks(state)),
    ...judgeParked(state, failures),
    ...judgeQueue(world),
    ...judgeAnswers(world),
    ...(world.site.fileFeed ? judgeFiles(world) : []),
    ...(world.site.sqlFeed ? await judgeRows(world) : []),
    ...world.mishaps.map((text): Finding => ({ check: 'host', text })),
  ];
}

function judgeQueue({ simulator, queue }: World): readonly Finding[] {
  const left = simulator.broker.depth(queue);
  const buried = simulator.broker.depth('ActiveMQ.DLQ');
  return [
    ...(left === 0 ? [] : [{ check: 'queue', text: `${left} messages are still on ${queue}` } as const]),
    ...(buried === 0
      ? []
      : [{ check: 'queue', text: `${buried} messages were refused and are in ActiveMQ.DLQ` } as const]),
  ];
}

/** Every message gets its one answer before its acknowledgement, so none may still be pending. */
function judgeAnswers({ source }: World): readonly Finding[] {
  const pending = source.invocations().filter(({ status }) => status === 'pending');
  if (pending.length === 0) return [];
  return [{ check: 'answers', text: `${pending.length} messages were never answered` }];
}
