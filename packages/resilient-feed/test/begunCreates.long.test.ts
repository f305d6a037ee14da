import { copyFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryResult, FeedEvent } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const SETTLE_MS = 300;
const settings = { createSettleMs: SETTLE_MS };

/** A copy of the mapping was made while a create was open, and is put back after that was made, and edited. */
describe('what a mapping that was put back knows as begun only', () => {
  let bench: FeedBench;
  let incidentId: number;
  beforeEach(async () => {
    bench = await FeedBench.start();
    incidentId = bench.source.createIncident({ name: 'First name', discovered_date: 1 }).id;
  });
  afterEach(() => bench.stop());

  const file = (): string => (bench.mapping.client === 'sqlite' ? bench.mapping.file : '');

  /** Delivers `event`, whose create is not answered, and copies the mapping as it is then. */
  async function begun(feed: ResilientFeed, path: string, event: FeedEvent): Promise<void> {
    bench.simulator.faults.add({ method: 'POST', path, reset: 'after', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    await feed.close();
    await copyFile(file(), `${file()}.copy`);
  }

  async function putBack(): Promise<ResilientFeed> {
    for (const end of ['', '-wal', '-shm']) await rm(`${file()}${end}`, { force: true });
    await copyFile(`${file()}.copy`, file());
    // Older than the next run, whatever the doubt about the clocks.
    await sleep(2_500);
    return bench.feed(settings);
  }

  /** As core does: again after the rest that the target asks for. */
  async function patiently(feed: ResilientFeed, event: FeedEvent): Promise<DeliveryResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await bench.deliver(feed, event, attempt);
      } catch (error) {
        if ((error as { readonly code?: string }).code !== 'create-unsettled') throw error;
        await sleep(SETTLE_MS);
      }
    }
  }

  const copyId = (): number => bench.target.incidentIds().at(-1) ?? 0;

  it('is found although the incident was renamed since', async () => {
    const { source, target, events } = bench;
    await begun(await bench.feed(settings), '/incidents', await events.incident(incidentId));
    const second = await bench.feed(settings);
    await patiently(second, await events.incident(incidentId));
    source.updateIncident(incidentId, { name: 'Second name' });
    await patiently(second, await events.incident(incidentId));
    await second.close();

    const third = await putBack();
    await patiently(third, await events.incident(incidentId));
    await third.close();
    expect(target.incidents().map(({ name }) => name)).toEqual(['Second name']);
  });

  describe('of a note', () => {
    let noteId: number;
    beforeEach(async () => {
      const { source, events } = bench;
      const feed = await bench.feed(settings);
      await bench.deliver(feed, await events.incident(incidentId));
      noteId = source.addNote({ incidentId }, 'first text').id;
      await begun(feed, '/incidents/*/comments', await events.note(incidentId, noteId));
      const second = await bench.feed(settings);
      await patiently(second, await events.note(incidentId, noteId));
      source.editNote(noteId, 'second text');
      await patiently(second, await events.note(incidentId, noteId));
      await second.close();
    });

    const texts = (): readonly string[] =>
      bench.target
        .notes({ incidentId: copyId() })
        .map(({ text }) => JSON.stringify(text))
        .filter((text) => !text.includes('Incident created from'));

    it('is found although its text was edited since', async () => {
      const third = await putBack();
      expect(await patiently(third, await bench.events.note(incidentId, noteId))).toMatchObject({
        change: 'unchanged',
      });
      await third.close();
      expect(texts()).toEqual([expect.stringContaining('second text')]);
    });

    it('is deleted although its text was edited since', async () => {
      const event = await bench.events.note(incidentId, noteId);
      bench.source.deleteNote(noteId);
      const third = await putBack();
      await patiently(third, bench.events.deleteOf(event));
      await third.close();
      expect(texts()).toEqual([]);
    });
  });
});
