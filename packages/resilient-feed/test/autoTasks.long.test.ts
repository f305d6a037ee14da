import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const template = (incidentType: string) => ({ incidentType, name: 'Isolate', phase: 'Respond', required: false });

describe('tasks that the platform makes some time after their incident', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  beforeEach(async () => {
    const source = { autoTasks: [template('Malware'), template('Phishing')] };
    bench = await FeedBench.start({ source, target: { autoTasks: [template('Malware')] } });
    Object.assign(bench.simulator.behaviour, { autoTasks: 'later', autoTaskDelayMs: 400 });
    feed = await bench.feed();
  });
  afterEach(() => bench.stop());

  async function incident(type: string) {
    const { source, events, target } = bench;
    const { id } = source.createIncident({ name: type, discovered_date: 1, incident_type_ids: [type] });
    await source.settled();
    await sleep(500);
    const task = await events.task(source.tasks(id)[0]?.id ?? 0, { origin: 'reload' });
    await bench.deliver(feed, await events.incident(id));
    return { task, copyId: target.incidentIds().at(-1) ?? 0 };
  }

  const names = async (copyId: number) => {
    await bench.target.settled();
    await sleep(500);
    return bench.target.tasks(copyId).map(({ name }) => name);
  };

  it('are waited for in an incident of types for which the target makes them, whatever it does for others', async () => {
    const phishing = await incident('Phishing');
    await bench.deliver(feed, phishing.task);
    expect(await names(phishing.copyId)).toEqual(['Isolate']);
    const malware = await incident('Malware');
    await bench.deliver(feed, malware.task);
    expect(await names(malware.copyId)).toEqual(['Isolate']);
  });

  it('are waited for after the feed was opened anew, too', async () => {
    const { task, copyId } = await incident('Malware');
    await feed.open({ signal: new AbortController().signal });
    await bench.deliver(feed, task);
    expect(await names(copyId)).toEqual(['Isolate']);
  });

  it('are waited for in an incident whose create was not answered and that was found again', async () => {
    // Right after its opening, a feed waits in any incident.
    await sleep(1_600);
    const { source, events, target, simulator } = bench;
    const { id } = source.createIncident({ name: 'Unanswered', discovered_date: 1, incident_type_ids: ['Malware'] });
    await sleep(500);
    const event = await events.incident(id);
    simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    await bench.deliver(feed, event, 2);
    await bench.deliver(feed, await events.task(source.tasks(id)[0]?.id ?? 0, { origin: 'reload' }));
    expect(await names(target.incidentIds().at(-1) ?? 0)).toEqual(['Isolate']);
  });

  it('are waited for in the next incident, too, if they moved to another phase', async () => {
    const { source, events, target } = bench;
    const moved = async (name: string) => {
      const { id } = source.createIncident({ name, discovered_date: 1, incident_type_ids: ['Malware'] });
      await source.settled();
      await sleep(500);
      const taskId = source.tasks(id)[0]?.id ?? 0;
      source.updateTask(taskId, { phase_id: 'Detect/Analyze' });
      return { id, taskId };
    };
    const both = [await moved('One'), await moved('Two')];
    // Right after its opening, a feed waits in any incident.
    await sleep(1_600);
    for (const { id, taskId } of both) {
      await bench.deliver(feed, await events.incident(id));
      await bench.deliver(feed, await events.task(taskId, { origin: 'reload' }));
      expect(await names(target.incidentIds().at(-1) ?? 0)).toEqual(['Isolate']);
    }
  });

  it('are found by their names if they moved to another phase before the feed saw them', async () => {
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'Old', discovered_date: 1, incident_type_ids: ['Malware'] });
    await source.settled();
    await sleep(500);
    const taskId = source.tasks(id)[0]?.id ?? 0;
    source.updateTask(taskId, { phase_id: 'Detect/Analyze' });
    await bench.deliver(feed, await events.incident(id));
    await bench.deliver(feed, await events.task(taskId, { origin: 'reload' }));
    const copyId = bench.target.incidentIds().at(-1) ?? 0;
    expect(await names(copyId)).toEqual(['Isolate']);
    const phase = (org: typeof source, task: number) =>
      org.labels.label('task', 'phase_id', org.task(task).phase_id as number);
    expect(phase(bench.target, bench.target.tasks(copyId)[0]?.id ?? 0)).toBe(phase(source, taskId));
  });
});
