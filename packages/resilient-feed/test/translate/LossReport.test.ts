import { describe, expect, it } from '@jest/globals';
import { defaultNote } from '../../src/translate/defaultNote.js';
import { LossReport } from '../../src/translate/LossReport.js';
import type { Loss } from '../../src/fields/TranslatedField.js';

const severity: Loss = { kind: 'option', name: 'severity_code', label: 'Catastrophic' };
const owner: Loss = { kind: 'person', name: 'owner_id', label: 'Bob (bob@example.com)' };
const field: Loss = { kind: 'field', name: 'only_source' };
const branch: Loss = { kind: 'required', name: 'branch', label: 'South' };

describe('LossReport', () => {
  it('tells each loss once and counts the rest', () => {
    const report = new LossReport();
    expect(report.add([severity, field])).toEqual([severity, field]);
    expect(report.add([severity, owner])).toEqual([owner]);
    expect(report.add([{ ...severity }])).toEqual([]);
    expect(report.total).toBe(5);
    expect(report.entries()[0]).toEqual({ loss: severity, count: 3 });
    expect(report.summary()).toBe(
      [
        'field severity_code: the target has no option "Catastrophic" (3)',
        'field only_source is unknown in the target (1)',
        'field owner_id: the target has no user or group "Bob (bob@example.com)" (1)',
      ].join('\n'),
    );
    expect(report.summary(1)).toContain('… and others (2)');
    expect(new LossReport().summary()).toBe('');
  });

  it('stays bounded, whatever comes', () => {
    const report = new LossReport();
    for (let i = 0; i < 10_050; i++) report.add([{ kind: 'option', name: 'x', label: String(i) }]);
    expect(report.entries()).toHaveLength(10_000);
    expect(report.total).toBe(10_050);
    expect(report.add([{ kind: 'option', name: 'x', label: 'one more' }])).toEqual([]);
  });
});

describe('defaultNote', () => {
  const origin = { host: 'soar.example.com', orgId: 201, incidentId: 2001 };
  const created = 'Incident created from \nHost:soar.example.com\nOrg 201\nIncident 2001';

  it('is IBM’s when nothing was lost', () => {
    expect(defaultNote(origin, [])).toBe(created);
    expect(defaultNote(origin, [field])).toBe(`${created}\n\nDiscarded fields: \nonly_source`);
  });

  it('lists values and what stands in for required fields', () => {
    expect(defaultNote(origin, [severity, field, branch, owner])).toBe(
      [
        created,
        'Discarded fields: \nonly_source',
        'Discarded values: \nseverity_code: Catastrophic\nowner_id: Bob (bob@example.com)',
        'Required here, not set at the source: \nbranch: South',
      ].join('\n\n'),
    );
  });

  it('is bounded', () => {
    const many = Array.from({ length: 150 }, (_, i): Loss => ({
      kind: 'option',
      name: `f${i}`,
      label: 'x'.repeat(5000),
    }));
    const note = defaultNote(origin, many);
    expect(note).toContain('… and 50 more');
    expect(note.length).toBeLessThan(25_000);
  });
});
