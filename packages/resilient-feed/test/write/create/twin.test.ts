import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import type { Intent } from '../../../src/mapping/Intent.js';
import { CreateOnce } from '../../../src/write/create/CreateOnce.js';
import type { CreateOnceServices } from '../../../src/write/create/CreateOnce.js';
import type { TargetObject } from '../../../src/write/TargetObject.js';
import type { WriteJob } from '../../../src/write/WriteJob.js';

const incident: Intent = {
  source: { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 },
  naturalKey: [{ name: 'name', inputType: 'text', value: 'Phishing' }],
  ...{ sentAtMs: 100_000, principalId: 3 },
};
const note: Intent = {
  ...incident,
  source: { ...incident.source, type: 'note', objectId: 70 },
  targetIncidentId: 1007,
  targetTaskId: 5,
};

const candidate = (objectId: number, value = 'Phishing'): TargetObject => ({
  target: { incidentId: objectId, objectId },
  ...{ createdAtMs: 100_500, createdBy: 3, value: () => value },
});

interface There {
  readonly intent?: Intent;
  readonly candidates?: readonly TargetObject[];
  /** Counterparts of other objects. */
  readonly mapped?: readonly number[];
  /** Taken by an incident that looks at the same time. */
  readonly claimed?: readonly number[];
  readonly fault?: Error;
  readonly settled?: boolean;
}

async function twinOf({ intent, candidates = [], mapped = [], claimed = [], fault, settled = true }: There) {
  const ended: unknown[] = [];
  const places: unknown[] = [];
  const find = async (place: unknown): Promise<readonly TargetObject[]> => {
    places.push(place);
    if (fault !== undefined) throw fault;
    return candidates;
  };
  const services = {
    rows: { mappedTargets: async () => new Set(mapped) },
    creates: {
      intent: () => intent,
      along: () => [],
      end: async (source: unknown) => void ended.push(source),
      claim: (id: number) => !claimed.includes(id),
    },
    writers: { of: () => ({ list: find }), incidents: { candidates: find } },
    clocks: { targetSince: (shownMs: number) => shownMs - 1_000 },
    settling: {
      assertOver: () => {
        if (!settled) throw new Error('not settled');
      },
    },
  } as unknown as CreateOnceServices;
  const job = { event: { key: intent?.source }, fields: [], log: recordingLogger() } as unknown as WriteJob;
  const twin = await new CreateOnce(services).twin(job);
  return { found: twin?.target.objectId, ended, places };
}

const none = { found: undefined, ended: [incident.source] };

describe('what an unanswered create made', () => {
  it('is nothing if no create is open', async () => {
    expect(await twinOf({ candidates: [candidate(1)] })).toEqual({ found: undefined, ended: [], places: [] });
  });

  it('is the first incident like it that belongs to nobody', async () => {
    const candidates = [candidate(1, 'Other'), candidate(2), candidate(3), candidate(4)];
    expect(await twinOf({ intent: incident, candidates })).toMatchObject({ found: 2, ended: [] });
    expect(await twinOf({ intent: incident, candidates, mapped: [2] })).toMatchObject({ found: 3 });
    expect(await twinOf({ intent: incident, candidates, mapped: [2], claimed: [3] })).toMatchObject({ found: 4 });
    expect(await twinOf({ intent: incident, candidates, mapped: [2], claimed: [3, 4] })).toMatchObject(none);
  });

  it('is nothing once it is too late for one to appear, and its create has ended then', async () => {
    expect(await twinOf({ intent: incident })).toMatchObject(none);
    await expect(twinOf({ intent: incident, settled: false })).rejects.toThrow('not settled');
  });

  it('is looked for below the incident and the task that it was sent to', async () => {
    const candidates = [candidate(8), candidate(9)];
    const found = await twinOf({ intent: note, candidates, mapped: [8] });
    expect(found).toEqual({ found: 9, ended: [], places: [{ incidentId: 1007, taskId: 5 }] });
    const { targetTaskId: _, ...onIncident } = note;
    expect((await twinOf({ intent: onIncident, candidates })).places).toEqual([{ incidentId: 1007 }]);
  });

  it('is nothing if what it would hang under is gone; every other trouble is told', async () => {
    const gone = new SoarApiError('gone', { code: 'gone', status: 404 });
    expect(await twinOf({ intent: note, fault: gone, settled: false })).toMatchObject({
      found: undefined,
      ended: [note.source],
    });
    const away = new SoarApiError('away', { code: 'away', status: 503 });
    await expect(twinOf({ intent: note, fault: away })).rejects.toBe(away);
  });
});
