import { describe, expect, it } from '@jest/globals';
import { anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import type { PatchChange, SoarClient } from '@soar-feed/soar-client';
import type { TranslatedField } from '../../../src/fields/TranslatedField.js';
import { IncidentWriter } from '../../../src/write/types/IncidentWriter.js';
import { OrgBehaviour } from '../../../src/write/types/OrgBehaviour.js';
import type { TargetTasks } from '../../../src/write/types/TargetTasks.js';
import type { WriteJob } from '../../../src/write/WriteJob.js';

const refused = (status: number) => new SoarApiError(`refused with ${status}`, { code: 'refused', status });

/** A server whose PATCHes get these answers, one after another; an absent one is a success. */
function server(...answers: readonly (Error | undefined)[]) {
  const left = [...answers];
  const sent: string[] = [];
  const types: number[] = [];
  const next = (): void => {
    const answer = left.shift();
    if (answer !== undefined) throw answer;
  };
  const client = {
    incidents: {
      patch: async (id: number, changes: readonly PatchChange[]) => {
        sent.push(`PATCH ${id} ${changes.map(({ field }) => String(field)).join()}`);
        next();
        return { success: true };
      },
      update: async (id: number, change: (current: object) => object) => {
        sent.push(`PUT ${id} ${Object.keys(change({})).join()}`);
        next();
      },
      get: async () => {
        next();
        return { id: 7 };
      },
    },
  } as unknown as SoarClient;
  const tasks = { typesChanged: (id: number) => void types.push(id) } as unknown as TargetTasks;
  const logger = recordingLogger();
  const job = { event: anIncident(), log: logger, signal: new AbortController().signal } as unknown as WriteJob;
  const behaviour = new OrgBehaviour(1, 1);
  const writer = new IncidentWriter(client, behaviour, tasks);
  const target = { incidentId: 7, objectId: 7 };
  const update = (...fields: readonly TranslatedField[]) => writer.update(job, fields, { target });
  return { sent, types, logger, behaviour, writer, update, signal: job.signal };
}

const name: TranslatedField = { name: 'name', inputType: 'text', value: 'New' };
const workspace: TranslatedField = { name: 'workspace', inputType: 'select', value: 3 };
const unlisted: TranslatedField = { name: 'odd', inputType: 'text', value: 'x', unlisted: true };
const status = (value: string): TranslatedField => ({ name: 'plan_status', inputType: 'select', value, closing: true });
const summary: TranslatedField = { name: 'resolution_summary', inputType: 'text', value: 'Done', closing: true };

describe('an incident of the target', () => {
  it('is changed in one request, its status last', async () => {
    const { sent, types, update } = server();
    expect(await update(status('C'), name, summary)).toEqual({});
    expect(sent).toEqual(['PATCH 7 name,resolution_summary,plan_status']);
    expect(types).toEqual([]);
  });

  it('tells when its types change, which brings new tasks', async () => {
    const { types, update } = server();
    await update(name, { name: 'incident_type_ids', inputType: 'multiselect', value: [1] });
    expect(types).toEqual([7]);
  });

  it('keeps its other changes if the target refuses to close it, and tells what was refused', async () => {
    const error = refused(400);
    const { sent, update } = server(error);
    expect(await update(name, summary, status('C'))).toEqual({ refused: { fields: [summary, status('C')], error } });
    expect(sent).toEqual(['PATCH 7 name,resolution_summary,plan_status', 'PATCH 7 name']);
  });

  it('is not sent again if the refused close was all that changed', async () => {
    const { sent, update } = server(refused(400));
    expect(await update(status('C'))).toMatchObject({ refused: { fields: [status('C')] } });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['is not to be closed', refused(400), [name, status('A')]],
    ['fails for another reason', refused(500), [name, status('C')]],
    ['did not get an answer', new TypeError('a bug'), [name, status('C')]],
    ['changes otherwise only', refused(400), [name, summary]],
  ] as const)('throws what the server says when it %s', async (_why, error, fields) => {
    const { sent, update } = server(error);
    await expect(update(...fields)).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it.each([400, 403])('is changed in all else if the server answers %d to moving it', async (code) => {
    const { sent, update, logger } = server(refused(code));
    expect(await update(workspace, name)).toEqual({});
    expect(sent).toEqual(['PATCH 7 workspace,name', 'PATCH 7 name']);
    expect(logger.lines).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ event: 'target.workspace-refused' }) }),
    ]);
  });

  it('is left where it is if nothing else changes', async () => {
    const { sent, update } = server(refused(403));
    expect(await update(workspace)).toEqual({});
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a refusal of another field', refused(403), [name]],
    ['another answer to moving it', refused(404), [workspace, name]],
    ['a bug', new TypeError('a bug'), [workspace, name]],
  ] as const)('throws %s', async (_what, error, fields) => {
    const { sent, update } = server(error);
    await expect(update(...fields)).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('is sent as a whole to a server without PATCH, which is remembered', async () => {
    const { sent, update, behaviour } = server(refused(405));
    await update(name);
    await update(name);
    expect(sent).toEqual(['PATCH 7 name', 'PUT 7 name', 'PUT 7 name']);
    expect(behaviour.incidentPatch).toBe(false);
  });

  it('is sent as a whole for a field that the schema does not list, this once', async () => {
    const { sent, update, behaviour } = server();
    await update(name, unlisted);
    expect(sent).toEqual(['PUT 7 name,odd']);
    expect(behaviour.incidentPatch).toBe(true);
  });

  it('is nothing if the platform has none, and an error stays one', async () => {
    const gone = server(refused(404));
    expect(await gone.writer.get(7, gone.signal)).toBeUndefined();
    const away = server(refused(503));
    await expect(away.writer.get(7, away.signal)).rejects.toMatchObject({ status: 503 });
    expect((await server().writer.get(7, away.signal))?.target).toEqual({ incidentId: 7, objectId: 7 });
  });

  it('is looked up by itself: asking for a list is a bug', () => {
    expect(() => server().writer.list()).toThrow(/^incidents are looked up one by one$/);
  });
});
