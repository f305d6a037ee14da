import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EMAIL_TYPE, incidentKey } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { AttachmentDto, NoteDto } from '@soar-feed/soar-simulator';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

jest.setTimeout(60_000);

const signal = new AbortController().signal;

describe.each(['notes', 'attachments'] as const)('an e-mail message in a replica, emails=%s', (emails) => {
  let bench: FeedBench;
  const feeds: ResilientFeed[] = [];
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterEach(async () => {
    bench.simulator.faults.clear();
    for (const feed of feeds.splice(0)) await feed.close();
  });
  afterAll(() => bench.stop());

  async function open(more: Parameters<FeedBench['feed']>[0] = {}): Promise<ResilientFeed> {
    const feed = await bench.feed({ emails, createSettleMs: 300, ...more });
    feeds.push(feed);
    return feed;
  }

  function receive(incidentId: number, subject: string): FeedEvent {
    const email = bench.source.receiveEmail(incidentId, {
      from: { address: 'eve@example.com', name: 'Eve' },
      subject,
      body: '<p>Click <a href="https://evil.example.com">here</a></p><script>alert(1)</script>',
    });
    return bench.events.event(EMAIL_TYPE, incidentId, email);
  }

  /** A replicated incident: its id in the source and in the target. */
  async function incident(
    feed: ResilientFeed,
    name: string,
  ): Promise<{ readonly id: number; readonly copyId: number }> {
    const { id } = bench.source.createIncident({ name, discovered_date: 1 });
    await bench.deliver(feed, await bench.events.incident(id));
    return { id, copyId: bench.target.incidents().at(-1)?.id ?? 0 };
  }

  /** What stands for e-mail messages in an incident of the target. */
  const standing = (copyId: number): readonly (NoteDto | AttachmentDto)[] =>
    emails === 'notes'
      ? bench.target.notes({ incidentId: copyId }).filter(({ text }) => JSON.stringify(text).includes('E-mail message'))
      : bench.target.attachments({ incidentId: copyId });

  const again = async (feed: ResilientFeed, events: readonly FeedEvent[]) =>
    (await bench.deliverAll(feed, events)).map((result) => ('change' in result ? result.change : result.status));

  it('is made once, and once more is nothing; it is deleted, and does not come back', async () => {
    const feed = await open();
    const { id, copyId } = await incident(feed, 'Mail');
    const events = [receive(id, 'One'), receive(id, 'Two'), receive(id, 'Two')];
    const note = await bench.events.note(id, bench.source.addNote({ incidentId: id }, 'a note').id);
    expect(await again(feed, [...events, note])).toEqual(['created', 'created', 'created', 'created']);
    expect(standing(copyId)).toHaveLength(3);
    if (emails === 'attachments') {
      const [first] = bench.target.attachments({ incidentId: copyId });
      expect(first).toMatchObject({ name: `One (${events[0]?.key.objectId}).eml`, content_type: 'message/rfc822' });
      expect(bench.target.content(first?.id ?? 0).toString()).toMatch(/^From: "Eve" <eve@example\.com>\r\n/);
    } else {
      expect(JSON.stringify(standing(copyId))).not.toMatch(/<script|<a |<p>/);
    }
    expect(await bench.requests(() => bench.deliverAll(feed, [...events, note]))).toEqual([]);

    const [first] = events as [FeedEvent, ...FeedEvent[]];
    expect(await again(feed, [bench.events.deleteOf(first)])).toEqual(['deleted']);
    expect(standing(copyId)).toHaveLength(2);
    // The search index may still show it.
    expect(await again(feed, [first])).toEqual(['skipped']);
    expect(standing(copyId)).toHaveLength(2);
    expect(bench.target.notes({ incidentId: copyId }).some(({ text }) => JSON.stringify(text).includes('a note'))).toBe(
      true,
    );
  });

  it('is replaced when the source says something else', async () => {
    const feed = await open();
    const { id, copyId } = await incident(feed, 'Changed');
    const event = receive(id, 'Before');
    const changed = { ...event, payload: { ...event.payload, subject: 'After' } };
    expect(await again(feed, [event, changed, changed])).toEqual([
      'created',
      emails === 'notes' ? 'updated' : 'created',
      'unchanged',
    ]);
    expect(standing(copyId)).toHaveLength(1);
    expect(JSON.stringify(standing(copyId))).toContain('After');
  });

  it('waits for its incident', async () => {
    const feed = await open();
    const { id } = bench.source.createIncident({ name: 'Not yet', discovered_date: 1 });
    const event = receive(id, 'Early');
    expect(await bench.deliver(feed, event)).toEqual({ status: 'waiting', on: incidentKey(event.key) });
    await bench.deliver(feed, await bench.events.incident(id));
    expect(await again(feed, [event])).toEqual(['created']);
  });

  it.each(['before', 'after'] as const)('is made once where its create was not answered: reset %s', async (reset) => {
    const feed = await open();
    const { id, copyId } = await incident(feed, `Unanswered ${reset}`);
    const event = receive(id, 'Lost');
    // An equal one that is somebody else's.
    const other = receive(id, 'Lost');
    await bench.deliver(feed, other);
    const fault = bench.simulator.faults.add({ method: 'POST', reset, times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    expect(fault.hits).toBe(1);
    // It stays what it was begun as, whatever the setting says then.
    await feed.close();
    const next = await open({ emails: emails === 'notes' ? 'attachments' : 'notes' });
    await until(async () => (await bench.deliver(next, event, 2).catch(() => undefined))?.status === 'delivered');
    expect(standing(copyId)).toHaveLength(2);
    expect(await bench.requests(() => bench.deliverAll(next, [event, other]))).toEqual([]);
  });

  it('stays what it is when the setting changes, and its delete still finds it', async () => {
    const feed = await open();
    const { id, copyId } = await incident(feed, 'Setting');
    const event = receive(id, 'Kept');
    await bench.deliver(feed, event);
    await feed.close();
    const none = await open({ emails: 'none' });
    expect(await bench.deliver(none, event)).toEqual({
      status: 'skipped',
      reason: 'e-mail messages are left out (emails = none)',
    });
    expect(await again(none, [receive(id, 'Left out')])).toEqual(['skipped']);
    expect(standing(copyId)).toHaveLength(1);
    expect(await again(none, [bench.events.deleteOf(event)])).toEqual(['deleted']);
    expect(standing(copyId)).toHaveLength(0);
  });

  it('is found again after the mapping was lost, and takes nothing from its siblings', async () => {
    const first = await open();
    const { id, copyId } = await incident(first, 'Amnesia');
    const source = { incidentId: id };
    bench.source.addNote(source, 'a note');
    bench.source.addAttachment(source, { name: 'a.txt', content: Buffer.from('a') });
    const mails = [receive(id, 'One'), receive(id, 'One')];
    await bench.deliverAll(first, [...(await bench.events.whole(id)), ...mails]);
    const before = [bench.target.notes({ incidentId: copyId }), bench.target.attachments({ incidentId: copyId })];
    await first.close();
    await bench.loseMapping();
    bench.source.addNote(source, 'another');
    bench.source.addAttachment(source, { name: 'b.txt', content: Buffer.from('b') });
    const feed = await open();
    await bench.deliverAll(feed, [...(await bench.events.whole(id)), ...mails]);
    const after = [bench.target.notes({ incidentId: copyId }), bench.target.attachments({ incidentId: copyId })];
    expect(after.map((list) => list.length)).toEqual(before.map((list) => list.length + 1));
    expect(await again(feed, mails)).toEqual(['unchanged', 'unchanged']);
  });

  it('is compared, and what the source does not show is not called gone', async () => {
    const feed = await open();
    const { id, copyId } = await incident(feed, 'Verified');
    const [kept, unseen, missing] = [receive(id, 'Kept'), receive(id, 'Unseen'), receive(id, 'Missing')] as const;
    await bench.deliverAll(feed, [kept, unseen, missing]);
    const sign = emails === 'notes' ? `E-mail message ${missing.key.objectId}` : `(${missing.key.objectId}).eml`;
    const gone = standing(copyId).find((one) => JSON.stringify(one).includes(sign))?.id ?? 0;
    if (emails === 'notes') bench.target.deleteNote(gone);
    else bench.target.deleteAttachment(gone);
    const reader = bench.makeFeed({ emails });
    const insight = reader.insight();
    const events = [await bench.events.incident(id), kept, missing];
    const found = await insight.compare({ incident: incidentKey(kept.key), events, whole: true }, signal);
    const verdicts = found.map(({ key, verdict }) => [key.type, key.objectId, verdict]);
    const name = (event: FeedEvent, verdict: string) => [EMAIL_TYPE, event.key.objectId, verdict];
    expect(verdicts).toEqual([
      ['incident', id, 'equal'],
      name(kept, 'equal'),
      name(missing, 'missing'),
      name(unseen, 'left-out'),
    ]);
    const records = [];
    for await (const record of insight.records({ type: EMAIL_TYPE, objectId: kept.key.objectId })) records.push(record);
    expect(records).toEqual([
      expect.objectContaining({ key: kept.key, state: 'active', marks: [`as ${emails.slice(0, -1)}`] }),
    ]);
    await insight.close();
    await feed.recheck([missing.key]);
    expect(await again(feed, [missing])).toEqual(['created']);
    expect(standing(copyId)).toHaveLength(3);
  });

  it('is said not to come where the host feeds none', async () => {
    bench.sourceMore = { types: async () => (await bench.events.allTypes()).filter(({ name }) => name !== EMAIL_TYPE) };
    const feed = await open();
    const told = `[resilient_feed] emails: ${emails} has no effect, as [feeds] emails is not true, or the source has no e-mail messages`;
    expect(bench.log.lines.filter(({ message }) => message === told)).toHaveLength(1);
    await feed.close();
    expect((await feed.health({ signal })).detail).toContain(told);
    const { findings } = await feed.examine({ signal });
    expect(findings).toContainEqual(expect.objectContaining({ subject: '[resilient_feed] emails' }));
    bench.sourceMore = {};
    await open();
    expect(bench.log.lines.filter(({ message }) => message === told)).toHaveLength(1);
  });

  it('is adopted by hand', async () => {
    const feed = await open();
    const { id, copyId } = await incident(feed, 'Adopted');
    const event = receive(id, 'By hand');
    await bench.deliver(feed, event);
    const [{ id: targetId } = { id: 0 }] = standing(copyId);
    await feed.close();
    await bench.loseMapping();
    const next = await open();
    await bench.deliver(next, await bench.events.incident(id));
    await next.adopt({ key: event.key, ...(event.parent && { parent: event.parent }) }, targetId, { signal });
    expect(await again(next, [event])).not.toContain('created');
    expect(standing(copyId)).toHaveLength(1);
  });
});
