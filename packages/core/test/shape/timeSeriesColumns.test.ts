import { describe, expect, it } from '@jest/globals';
import { anIncident } from '@soar-feed/feed-testkit';
import { flatten } from '../../src/shape/flatten.js';
import { timeSeriesColumns } from '../../src/shape/timeSeriesColumns.js';

const time = (field: string, value: string, seconds: number) => ({ field, value, seconds, running: false });

describe('columns of the time series', () => {
  it('have the names of IBM', () => {
    const columns = timeSeriesColumns([time('phase_id', 'Detect / Analyze', 5), time('owner_id', 'Ann O.', 9)]);
    expect(columns).toEqual([
      ['timeseries__owner_id__ann_o_', 9],
      ['timeseries__phase_id__detect_analyze', 5],
    ]);
  });

  it('of labels that become one name are kept apart (IBM: the last one wins)', () => {
    const columns = timeSeriesColumns([time('severity_code', '高', 1), time('severity_code', '低', 2)]);
    expect(columns.map(([, seconds]) => seconds)).toEqual([2, 1]);
    expect(columns[0]?.[0]).toBe('timeseries__severity_code___');
    expect(columns[1]?.[0]).toMatch(/^timeseries__severity_code____[0-9a-f]{8}$/);
  });

  it('are part of the flat incident', () => {
    const event = { ...anIncident({ objectId: 2001 }), timeSeries: [time('phase_id', 'Respond', 60)] };
    expect(flatten(event)['timeseries__phase_id__respond']).toBe(60);
  });
});
