import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import type { SoarClient } from '@soar-feed/soar-client';
import type { TargetCatalog } from '../../../src/translate/TargetCatalog.js';
import { ObjectWriters } from '../../../src/write/types/ObjectWriters.js';
import { OrgBehaviour } from '../../../src/write/types/OrgBehaviour.js';
import { TargetTasks } from '../../../src/write/types/TargetTasks.js';
import type { MappingReader } from '../../../src/mapping/MappingReader.js';

const { signal } = new AbortController();

function bench() {
  const clock = fakeClock();
  const asked: string[] = [];
  const list = (what: string) => async (place: unknown) => {
    asked.push(`${what} of ${JSON.stringify(place)}`);
    return [{ id: 9 }];
  };
  const client = { notes: { list: list('notes') }, milestones: { list: list('milestones') } } as unknown as SoarClient;
  const tasks = new TargetTasks(client, {} as MappingReader, clock);
  const gone: number[] = [];
  tasks.gone = ({ objectId }) => void gone.push(objectId);
  const writers = new ObjectWriters(client, {} as TargetCatalog, new OrgBehaviour(1, 1), tasks, clock);
  return { writers, asked, gone, clock };
}

describe('the siblings of an object', () => {
  it('are listed once for some seconds, by type, incident and task', async () => {
    const { writers, asked, clock } = bench();
    const places = [{ incidentId: 1 }, { incidentId: 2 }, { incidentId: 1, taskId: 3 }];
    for (const place of [...places, ...places]) {
      const siblings = await writers.siblings(place, 'note', signal);
      expect(siblings.map(({ target }) => target)).toEqual([{ ...place, objectId: 9 }]);
    }
    expect(asked).toHaveLength(3);
    await clock.advance(29_999);
    await writers.siblings({ incidentId: 1 }, 'note', signal);
    expect(asked).toHaveLength(3);
    await clock.advance(1);
    await writers.siblings({ incidentId: 1 }, 'note', signal);
    expect(asked).toHaveLength(4);
    await writers.siblings({ incidentId: 1 }, 'milestone', signal);
    expect(asked).toHaveLength(5);
  });

  it('are listed again once one of them was deleted', async () => {
    const { writers, asked, gone } = bench();
    await writers.siblings({ incidentId: 1 }, 'note', signal);
    await writers.siblings({ incidentId: 2 }, 'note', signal);
    writers.gone({ incidentId: 1, objectId: 9 }, 'note');
    await writers.siblings({ incidentId: 1 }, 'note', signal);
    await writers.siblings({ incidentId: 2 }, 'note', signal);
    expect(asked).toHaveLength(3);
    expect(gone).toEqual([]);
  });

  it('are told to the tasks if it was a task', () => {
    const { writers, gone } = bench();
    writers.gone({ incidentId: 1, objectId: 5 }, 'task');
    expect(gone).toEqual([5]);
  });
});
