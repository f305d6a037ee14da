import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ExcludedFields } from '../src/fields/ExcludedFields.js';
import { FeedBench } from './helpers/feedBench.js';

jest.setTimeout(60_000);

describe('names of the config that no incident has', () => {
  let bench: FeedBench;
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterAll(() => bench.stop());

  it('are told once, when the feed opens, before any incident comes', async () => {
    const feed = await bench.feed({
      filter: 'severty_code = "High"; pii.nope = 1',
      exclude: new ExcludedFields('descripton;pii'),
    });
    const told = () =>
      bench.log.lines.flatMap(({ message, fields }) => (fields['event'] === 'filter.unknown-field' ? message : []));
    const atOpen = [
      '[resilient_feed] matching_incident_fields: the incidents have no field severty_code; did you mean severity_code?',
      '[resilient_feed] exclude_incident_fields: the incidents have no field or section descripton; did you mean description?',
    ];
    expect(told()).toEqual(atOpen);

    const { id } = bench.source.createIncident({ name: 'Any', discovered_date: 1_700_000_000_000 });
    expect(await bench.deliver(feed, await bench.events.incident(id))).toMatchObject({ status: 'skipped' });
    await feed.open({ signal: new AbortController().signal });
    // Only an incident can show whether a section that the schema does not list holds a field.
    const late = 'matching_incident_fields: neither the incidents nor their schema have a field pii.nope.';
    expect(told()).toEqual([...atOpen, late]);
    await feed.close();
  });
});
