import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FeedError } from '@soar-feed/core';
import type { DeliverContext, DeliveryOutcome, FeedEvent } from '@soar-feed/core';
import {
  aDelete,
  anArtifact,
  anAttachment,
  anIncident,
  aNote,
  aTask,
  recordingLogger,
  tempFolder,
} from '@soar-feed/feed-testkit';
import type { SplunkFeed } from '../src/index.js';
import { makeBench, TOKEN } from './double/bench.js';
import type { DoubleBench } from './double/bench.js';
import type { SplunkServerOptions } from './double/SplunkServer.js';

const T = 1_700_000_000_000;
const signal = new AbortController().signal;
const context = (): DeliverContext => ({ signal, attempt: 1, log: recordingLogger() });

describe('SplunkFeed', () => {
  let bench: DoubleBench;
  let feed: SplunkFeed;
  afterEach(async () => {
    await feed.close();
    const isAlone = await bench.server.alone();
    await bench.dispose();
    expect(isAlone).toBe(true);
  });

  const start = async (options: Partial<SplunkServerOptions> = {}, values: Readonly<Record<string, string>> = {}) => {
    bench = await makeBench(options, values);
    feed = bench.target;
    await feed.open({ signal });
  };
  const deliver = async (...events: readonly FeedEvent[]): Promise<readonly DeliveryOutcome[]> => {
    const outcomes = await feed.deliverBatch(events, context());
    for (const outcome of outcomes) if (outcome.status === 'delivered') await outcome.committed;
    return outcomes.map((outcome) => {
      if (outcome.status !== 'delivered') return outcome;
      const { committed: _committed, ...rest } = outcome;
      return rest;
    });
  };
  const restart = async (): Promise<void> => {
    await feed.close();
    feed = bench.again();
    await feed.open({ signal });
  };
  const sent = () => bench.server.indexed;
  const ops = () => sent().map(({ fields }) => `${fields?.['soar_op']} ${fields?.['soar_key']}`);

  describe('what it sends', () => {
    it('has IBM’s members, and three indexed fields', async () => {
      await start(
        { indexes: ['soar'] },
        { index: 'soar', event_host: 'relay', event_source: 'resilient', event_source_type: '_json' },
      );
      await deliver(anIncident({ payload: { inc_last_modified_date: T - 5_500 } }));
      expect(sent()).toEqual([
        {
          event: expect.objectContaining({
            id: 2100,
            inc_id: 2100,
            name: 'Suspicious login',
            severity_code: 'Medium',
            ticket: null,
          }),
          ...{ time: '1699999994.500', host: 'relay', source: 'resilient', sourcetype: 'incident', index: 'soar' },
          fields: { soar_key: '201/incident/2100', soar_version: String(T), soar_op: 'upsert' },
        },
      ]);
    });

    it('can name sourcetypes for CIM, and keep its own members out of the index', async () => {
      await start({}, { sourcetype_prefix: 'soar:', indexed_fields: 'false', event_time: 'now', compression: 'none' });
      await deliver(aTask());
      const [event] = sent();
      expect(event).toMatchObject({ sourcetype: 'soar:task', event: { soar_key: '201/task/310', soar_op: 'upsert' } });
      expect(event).not.toHaveProperty('fields');
      expect(Math.abs(Number(event?.time) * 1000 - Date.now())).toBeLessThan(60_000);
      expect(bench.server.requests.some(({ isPacked }) => isPacked)).toBe(false);
    });

    it('leaves out the fields of exclude_incident_fields_file, and refuses one that cannot be read', async () => {
      bench = await makeBench({}, { exclude_incident_fields_file: '/no/such/file' });
      feed = bench.target;
      await expect(feed.open({ signal })).rejects.toMatchObject({ kind: 'config' });
      await bench.dispose();
      const folder = await tempFolder();
      const file = folder.file('exclusions');
      writeFileSync(file, 'DESC*\nname\n');
      await start({}, { exclude_incident_fields_file: file });
      await deliver(anIncident(), aTask());
      expect(sent()[0]?.event).not.toHaveProperty('description');
      expect(sent()[0]?.event).not.toHaveProperty('name');
      expect(sent()[1]?.event).toHaveProperty('name');
      await folder.remove();
    });

    it('packs many events into requests that are not larger than they may be', async () => {
      await start({}, { max_request: '20KB' });
      await deliver(...Array.from({ length: 100 }, (_, at) => anIncident({ incidentId: 3000 + at })));
      const requests = bench.server.requests.slice(1);
      expect(sent()).toHaveLength(100);
      expect(requests.length).toBeLessThan(15);
      expect(requests.every(({ isPacked, bytes }) => isPacked && bytes < 20_000)).toBe(true);
    });
  });

  describe('defects of IBM’s feed', () => {
    it('a reload duplicates everything: what is unchanged is not sent again, also after a restart', async () => {
      await start();
      const all = [anIncident(), aTask(), aNote(), anArtifact(), anAttachment()];
      await deliver(...all);
      await restart();
      const later = all.map((event): FeedEvent => ({ ...event, origin: 'reload', observedAtMs: T + 60_000 }));
      expect(await deliver(...later)).toEqual(all.map(() => ({ status: 'delivered', change: 'unchanged' })));
      expect(sent()).toHaveLength(all.length);
      expect(await deliver(anIncident({ payload: { name: 'Changed', vers: 2 } }))).toMatchObject([
        { change: 'updated' },
      ]);
      expect(sent()).toHaveLength(all.length + 1);
    });

    it('the bytes of a file are not fetched again for a reload', async () => {
      await start();
      await deliver(anAttachment());
      let opened = 0;
      const open = () => {
        opened += 1;
        return Promise.reject(new Error('fetched'));
      };
      expect(await deliver(anAttachment({ open }))).toMatchObject([{ change: 'unchanged' }]);
      expect(opened).toBe(0);
    });

    it('a deleted object lives on: it gets a tombstone, and so does all that hung below it', async () => {
      await start();
      const reply = aNote({ objectId: 421, parent: aNote().key });
      await deliver(anIncident(), aTask(), aNote({ parent: aTask().key }), reply, anArtifact());
      expect(await deliver(aDelete(aTask()))).toEqual([{ status: 'delivered', change: 'deleted' }]);
      expect([...bench.server.latest().keys()]).toEqual(['201/incident/2100', '201/note/421', '201/artifact/530']);
      await deliver(aDelete(anIncident()));
      expect(bench.server.latest().size).toBe(0);
      const before = sent().length;
      expect(await deliver(aDelete(anIncident()))).toEqual([{ status: 'delivered', change: 'unchanged' }]);
      expect(sent()).toHaveLength(before);
      expect(ops().slice(-3)).toEqual(['delete 201/incident/2100', 'delete 201/note/421', 'delete 201/artifact/530']);
    });

    it('what the source’s database says after a restore has the highest version, however old it is', async () => {
      await start();
      await deliver(anIncident({ observedAtMs: T + 9_000, payload: { name: 'Newer', vers: 9 } }));
      await deliver({ ...anIncident({ payload: { name: 'From the backup', vers: 3 } }), restored: true });
      expect(bench.server.latest().get('201/incident/2100')?.event['name']).toBe('From the backup');
      await deliver(aDelete(anIncident()), { ...anIncident({ payload: { name: 'Back', vers: 3 } }), restored: true });
      expect(bench.server.latest().get('201/incident/2100')?.event['name']).toBe('Back');
    });

    it('a restored source gives ids again: the late delete of the old object spares the new one', async () => {
      await start();
      const before = aNote({ incidentId: 2002, objectId: 953 });
      await deliver(before, aNote({ incidentId: 2001, objectId: 953, observedAtMs: T + 60_000 }));
      expect(await deliver(aDelete(before, { observedAtMs: T + 70_000 }))).toMatchObject([{ change: 'unchanged' }]);
      expect(bench.server.latest().get('201/note/953')?.event).toMatchObject({ inc_id: 2001 });
    });

    it('answers are never read: here the code decides before the status', async () => {
      await start();
      for (const code of [1, 4, 7, 10, 11]) {
        bench.server.code = code;
        await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'unavailable', code: `splunk-code-${code}` });
      }
      for (const code of [8, 9, 18, 23]) {
        bench.server.code = code;
        await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'retryable', code: `splunk-code-${code}` });
      }
      bench.server.code = undefined;
      expect(await deliver(anIncident())).toMatchObject([{ status: 'delivered', change: 'updated' }]);
    });

    it('a token that is not taken is said at the start', async () => {
      bench = await makeBench();
      bench.server.code = 1;
      feed = bench.target;
      await expect(feed.open({ signal })).rejects.toMatchObject({
        message: expect.stringContaining('the token is disabled'),
      });
      expect(await feed.health({ signal })).toMatchObject({ state: 'down' });
      bench.server.code = 9;
      expect(await feed.health({ signal })).toMatchObject({ state: 'degraded' });
    });

    it('a page of a portal is no success', async () => {
      await start();
      for (const status of [200, 302, 403, 404, 503]) {
        bench.server.stranger = { status, body: '<html>Please log in</html>' };
        await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'unavailable', code: 'splunk-odd-answer' });
      }
    });
  });

  describe('an event that is refused', () => {
    it.each([true, false])('fails alone, and its neighbours arrive (acknowledgements: %p)', async (ack) => {
      await start({ ack });
      bench.server.refuse = ({ event }) => [3003, 3007].includes(Number(event['id']));
      const outcomes = await deliver(...Array.from({ length: 10 }, (_, at) => anIncident({ incidentId: 3000 + at })));
      const failed = outcomes.flatMap(({ status }, at) => (status === 'failed' ? [at] : []));
      expect(failed).toEqual([3, 7]);
      expect(outcomes[3]).toMatchObject({ error: { kind: 'permanent', code: 'splunk-code-6' } });
      expect(bench.server.latest().size).toBe(8);
      bench.server.refuse = () => false;
      expect(await deliver(anIncident({ incidentId: 3003 }))).toMatchObject([{ status: 'delivered' }]);
    });

    it('is found by halves where a request is too large, and fails alone where the event is', async () => {
      await start();
      bench.server.maxBytes = 3_000;
      const large = anIncident({ incidentId: 3009, payload: { name: 'n'.repeat(4_000) } });
      const small = [1, 2, 3, 4, 5, 6].map((at) => anIncident({ incidentId: 3000 + at }));
      const outcomes = await deliver(...small, large);
      expect(outcomes.map(({ status }) => status)).toEqual([...small.map(() => 'delivered'), 'failed']);
      expect(outcomes[6]).toMatchObject({ error: { code: 'splunk-too-large' } });
    });
  });

  describe('acknowledgements', () => {
    it('a delivery is committed when the indexer has the event, not before', async () => {
      await start({ ack: true });
      bench.server.isStuck = true;
      const [outcome] = await feed.deliverBatch([anIncident()], context());
      const { committed } = outcome as { committed: Promise<void> };
      const first = await Promise.race([
        committed.then(() => 'committed'),
        new Promise((done) => setTimeout(done, 300)),
      ]);
      expect(first).toBeUndefined();
      bench.server.unstick();
      await committed;
      await feed.flush({ signal });
      expect(await deliver(anIncident())).toMatchObject([{ change: 'unchanged' }]);
    });

    it('what is not acknowledged in time is sent again: the event comes again after a reopening', async () => {
      await start({ ack: true }, { ack_timeout: '1s' });
      bench.server.isForgetful = true;
      await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'unavailable', code: 'splunk-ack-timeout' });
      bench.server.isForgetful = false;
      await restart();
      expect(await deliver(anIncident())).toMatchObject([{ status: 'delivered', change: 'updated' }]);
      expect(sent()).toHaveLength(2);
      expect(bench.server.latest().size).toBe(1);
    });

    it('a restarted server does not acknowledge with a new id what it lost under an old one', async () => {
      await start({ ack: true });
      bench.server.isStuck = true;
      const [lost] = await feed.deliverBatch([anIncident()], context());
      const fate = (lost as { committed: Promise<void> }).committed.then(
        () => 'committed',
        (error: unknown) => (FeedError.is(error) ? error.code : 'odd'),
      );
      await bench.server.stop();
      await bench.server.listen();
      bench.server.isStuck = false;
      await deliver(aTask()).catch(() => undefined);
      await deliver(aTask()).catch(() => undefined);
      expect(await fate).toBe('splunk-ack-lost');
      expect(bench.server.latest().has('201/incident/2100')).toBe(false);
      await restart();
      await deliver(anIncident());
      expect(bench.server.latest().has('201/incident/2100')).toBe(true);
    });

    it('closing ends the waiting, and what was not acknowledged is not taken for sent', async () => {
      await start({ ack: true });
      bench.server.isStuck = true;
      const [outcome] = await feed.deliverBatch([anIncident()], context());
      await feed.close();
      await expect((outcome as { committed: Promise<void> }).committed).rejects.toMatchObject({ kind: 'unavailable' });
      bench.server.isStuck = false;
      await restart();
      expect(await deliver(anIncident())).toMatchObject([{ change: 'updated' }]);
    });

    it('ack=true wants them; ack=false does without, and says so where the token wants them', async () => {
      await start({}, { ack: 'true' });
      await expect(deliver(anIncident())).rejects.toMatchObject({ kind: 'unavailable', code: 'splunk-no-ack' });
      await feed.close();
      await bench.dispose();
      bench = await makeBench({ ack: true }, { ack: 'false' });
      feed = bench.target;
      await expect(feed.open({ signal })).rejects.toMatchObject({ code: 'splunk-code-10' });
    });

    it('stays with the server of a cluster that knows the ids, by its cookie', async () => {
      await start({ ack: true });
      await deliver(anIncident());
      expect(bench.server.requests.at(-1)).toMatchObject({ path: '/services/collector/ack', cookie: 'node=a1' });
    });
  });

  it('an error shows neither the token nor the event', async () => {
    await start();
    await bench.server.stop();
    const error: unknown = await deliver(anIncident({ payload: { name: 'a secret name' } })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('ECONNREFUSED') });
    const told = JSON.stringify([error, (error as Error).stack, (error as Error).cause]);
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain('a secret name');
  });

  it('two feeds share a file, each with its own memory; a second process is refused', async () => {
    await start();
    const second = bench.again();
    await expect(second.open({ signal })).rejects.toMatchObject({ kind: 'store' });
    await second.close();
  });
});
