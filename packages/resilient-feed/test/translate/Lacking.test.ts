import { anIncident } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';
import type { Loss, Translation } from '../../src/fields/TranslatedField.js';
import { Lacking } from '../../src/translate/Lacking.js';

const field: Loss = { kind: 'field', name: 'ticket' };
const option: Loss = { kind: 'option', name: 'risk', label: 'High' };
const lost = (...losses: readonly Loss[]): (() => Translation) => {
  return () => ({ fields: [], losses });
};
const event = (incidentId: number) => anIncident({ incidentId });

describe('Lacking', () => {
  it('gives each incident once, and only those whose loss is over', () => {
    const lacking = new Lacking();
    lacking.note(event(1), [field, option]);
    lacking.note(event(1), [field]);
    lacking.note(event(2), [option]);
    expect(lacking.regained(lost(field, option)).incidents).toEqual([]);
    expect(lacking.regained(lost(option)).incidents.map(({ incidentId }) => incidentId)).toEqual([1]);
    expect(lacking.regained(lost()).incidents.map(({ incidentId }) => incidentId)).toEqual([1, 2]);
    expect(lacking.isEmpty).toBe(true);
  });

  it('remembers a bounded number of incidents, and says that there are more', () => {
    const lacking = new Lacking();
    for (let id = 1; id <= 10_001; id += 1) lacking.note(event(id), [field]);
    const { incidents, hasMore } = lacking.regained(lost());
    expect([incidents.length, hasMore]).toEqual([10_000, true]);
    lacking.note(event(1), [field]);
    expect(lacking.regained(lost())).toMatchObject({ incidents: [{ incidentId: 1 }], hasMore: false });
  });

  it('remembers a bounded number of losses', () => {
    const lacking = new Lacking();
    for (let no = 1; no <= 501; no += 1) lacking.note(event(no), [{ ...option, label: `option ${no}` }]);
    const { incidents, hasMore } = lacking.regained(lost());
    expect([incidents.length, hasMore]).toEqual([500, true]);
  });
});
