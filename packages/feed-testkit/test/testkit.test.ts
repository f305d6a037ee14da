import { stat } from 'node:fs/promises';
import { aDelete, anIncident, aNote, aTask, fakeClock, recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';

describe('builders', () => {
  it('make whole events, which nobody can change', () => {
    const event = anIncident({ incidentId: 7, payload: { name: 'Mine', properties: { ticket: 'T-1' } } });
    expect(event).toMatchObject({
      operation: 'upsert',
      key: { incidentId: 7, type: 'incident', objectId: 7 },
      payload: { id: 7, name: 'Mine', plan_status: 'A', properties: { ticket: 'T-1' } },
    });
    expect(event).not.toHaveProperty('parent');
    expect(event.schema.fields.get('severity_code')?.options.get('52')?.label).toBe('High');
    expect(() => Object.assign(event.payload['properties'] as object, { ticket: null })).toThrow(TypeError);
    expect(() => Object.assign(event.key, { objectId: 8 })).toThrow(TypeError);
  });

  it('hang objects under their incident, or under the parent that is named', () => {
    const task = aTask({ incidentId: 7 });
    expect(task.parent).toEqual(anIncident({ incidentId: 7 }).key);
    expect(aNote({ incidentId: 7, parent: task.key })).toMatchObject({ parent: task.key, payload: { task_id: 310 } });
  });

  it('make deletes that are later than what they delete', () => {
    const gone = aDelete(aTask());
    expect(gone).toMatchObject({ operation: 'delete', key: aTask().key, observedAtMs: aTask().observedAtMs + 1_000 });
    expect(gone.id).not.toBe(aTask().id);
  });
});

describe('fakeClock', () => {
  it('wakes sleepers in the order of their time, also those who sleep again', async () => {
    const clock = fakeClock(1_000);
    const woken: string[] = [];
    const sleepTwice = async () => {
      await clock.sleep(10);
      woken.push(`a@${clock.now()}`);
      await clock.sleep(10);
      woken.push(`a@${clock.now()}`);
    };
    const sleepOnce = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push(`${name}@${clock.now()}`);
    };
    const done = Promise.all([sleepOnce('c', 30), sleepOnce('b', 15), sleepTwice()]);
    await clock.advance(29);
    expect(woken).toEqual(['a@1010', 'b@1015', 'a@1020']);
    expect([clock.now(), clock.sleepers]).toEqual([1_029, 1]);
    await clock.advance(1);
    await done;
    expect(woken.at(-1)).toBe('c@1030');
  });

  it('rejects a sleep with the reason of its signal', async () => {
    const clock = fakeClock();
    const reason = new Error('stopping');
    const stopping = new AbortController();
    const asleep = clock.sleep(10, stopping.signal);
    stopping.abort(reason);
    await expect(asleep).rejects.toBe(reason);
    await expect(clock.sleep(10, stopping.signal)).rejects.toBe(reason);
    expect(clock.sleepers).toBe(0);
  });
});

describe('recordingLogger', () => {
  it('keeps the lines of itself and its children in order, with the facts of their scope', () => {
    const log = recordingLogger();
    log.child({ feed: 'a' }).warn('slow', { ms: 5 });
    log.info('ready');
    expect(log.lines).toEqual([
      { level: 'warn', message: 'slow', fields: { feed: 'a', ms: 5 } },
      { level: 'info', message: 'ready', fields: {} },
    ]);
    expect(log.of('warn')).toEqual(['slow']);
  });
});

describe('tempFolder', () => {
  it('is there until it is removed', async () => {
    const folder = await tempFolder();
    expect((await stat(folder.path)).isDirectory()).toBe(true);
    expect(folder.file('a.db').startsWith(folder.path)).toBe(true);
    await folder.remove();
    await expect(stat(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
