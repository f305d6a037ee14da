import { describe, expect, it } from '@jest/globals';
import type { TimerDto } from '@soar-feed/soar-client';
import { aDelete, anIncident, recordingLogger } from '@soar-feed/feed-testkit';
import { TimeSeries } from '../../src/source/TimeSeries.js';
import type { TimeSeriesSettings } from '../../src/config/feedsSection.js';

const ALWAYS: TimeSeriesSettings = { of: 'always', fields: ['*'] };

const timer = (id: number, field = 'severity_code', value: unknown = 'High'): TimerDto => ({
  referenceObject: { object_id: id },
  timer_fields: [
    { field_name: field, field_values: [{ field_value: value, duration_in_seconds: 7, running: true }] },
    { field_name: 'owner_id', field_values: [{ field_value: { id: 4, name: 'Ann' }, duration_in_seconds: 3 }] },
  ],
});

function bench(settings: TimeSeriesSettings, answer: (ids: readonly number[]) => Promise<TimerDto[]>) {
  const asked: (readonly number[])[] = [];
  const log = recordingLogger();
  const client = {
    timers: {
      of: (ids: readonly number[]) => {
        asked.push(ids);
        return answer(ids);
      },
    },
  };
  return { series: new TimeSeries(client as never, settings, log), asked, log };
}

const times = async (ids: readonly number[]): Promise<TimerDto[]> => ids.map((id) => timer(id));

describe('the time series of incidents', () => {
  it('are added to the event, one request for all feeds that get it', async () => {
    const { series, asked } = bench(ALWAYS, times);
    const event = anIncident({ incidentId: 2001, objectId: 2001 });
    const [one, two] = await Promise.all([series.addTo(event), series.addTo(event)]);
    expect(one.timeSeries).toEqual([
      { field: 'severity_code', value: 'High', seconds: 7, running: true },
      { field: 'owner_id', value: 'Ann', seconds: 3, running: false },
    ]);
    expect(two.timeSeries).toEqual(one.timeSeries);
    expect(asked).toEqual([[2001]]);
  });

  it('of many incidents are asked for together', async () => {
    const { series, asked } = bench(ALWAYS, times);
    const events = Array.from({ length: 120 }, (_, at) => anIncident({ incidentId: 2001 + at, objectId: 2001 + at }));
    const added = await Promise.all(events.map((event) => series.addTo(event)));
    expect(added.every((event) => event.timeSeries?.length === 2)).toBe(true);
    expect(asked.map((ids) => ids.length)).toEqual([1, 50, 50, 19]);
  });

  it('are asked for as the settings say', async () => {
    const closed = anIncident({ incidentId: 2002, objectId: 2002, payload: { plan_status: 'C' } });
    const open = anIncident({ incidentId: 2003, objectId: 2003, payload: { plan_status: 'A' } });
    const gone = aDelete(closed);
    const { series, asked } = bench({ of: 'onclose', fields: ['sever*'] }, times);
    expect((await series.addTo(closed)).timeSeries?.map(({ field }) => field)).toEqual(['severity_code']);
    expect(await series.addTo(open)).toBe(open);
    expect(await series.addTo(gone)).toBe(gone);
    expect(asked).toEqual([[2002]]);
    const never = bench({ of: 'never', fields: ['*'] }, times);
    expect(await never.series.addTo(closed)).toBe(closed);
    expect(never.asked).toEqual([]);
  });

  it('cost no event when the source does not give them, and that is said once (IBM loses the incident for all feeds)', async () => {
    let fails = true;
    const { series, log } = bench(ALWAYS, async (ids) => {
      if (fails) throw new Error('403 no permission');
      return times(ids);
    });
    const event = anIncident({ incidentId: 2001, objectId: 2001 });
    expect(await series.addTo(event)).toBe(event);
    await series.addTo(anIncident({ incidentId: 2002, objectId: 2002 }));
    expect(log.of('warn')).toHaveLength(1);
    fails = false;
    expect((await series.addTo(anIncident({ incidentId: 2003, objectId: 2003 }))).timeSeries).toHaveLength(2);
  });
});
