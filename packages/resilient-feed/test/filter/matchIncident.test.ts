import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unknownFields } from '../../src/filter/findField.js';
import { matchIncident } from '../../src/filter/matchIncident.js';
import { parseCriteria } from '../../src/filter/parseCriteria.js';
import { eventOf } from '../helpers/eventOf.js';
import { orgTypes } from '../helpers/orgTypes.js';

const org = orgTypes(100, {
  incidentFields: (types) => ({
    ticket_ref: types.field('ticket_ref', 'text', { prefix: 'properties' }),
    risk: types.field('risk', 'number', { prefix: 'properties' }),
    labels: types.field('labels', 'multiselect', { prefix: 'properties', options: ['red', 'green', '7'] }),
  }),
});
const high = org.id('incident', 'severity_code', 'High');
const malware = org.id('incident', 'incident_type_ids', 'Malware');
const phishing = org.id('incident', 'incident_type_ids', 'Phishing');
const ada = org.id('incident', 'owner_id', 'Ada Admin (ada@example.com)');
const watch = org.id('incident', 'members', 'Night Watch');
const noon = Date.UTC(2024, 2, 5, 12, 30, 15, 500);

const incident = {
  id: 2001,
  name: 'Suspicious login, again',
  description: '<div>It &amp; others are <b>urgent</b></div>',
  discovered_date: noon,
  plan_status: 'A',
  severity_code: high,
  incident_type_ids: [malware, phishing],
  owner_id: ada,
  members: [],
  confirmed: false,
  city: '',
  resolution_id: null,
  workspace: 4242,
  vers: 7,
  creator: { id: 3, name: 'creator' },
  creator_principal: { id: 3, name: 'ada' },
  pii: { data_compromised: true, assessment: null },
  hipaa: { hipaa_breach: true },
  properties: { ticket_ref: 'T-1', risk: 3, labels: [org.id('incident', 'labels', '7')], my_note: 'x' },
};

function matches(text: string, changes: Record<string, unknown> = {}, operator: 'all' | 'any' = 'all'): boolean {
  return matchIncident(parseCriteria(text, operator), eventOf(org, 'incident', { ...incident, ...changes }));
}

describe('numbers that a double cannot hold', () => {
  it.each([
    ['risk = 9007199254740993', true],
    ['risk = 9007199254740992', false],
    ['risk = 9007199254740994', false],
    ['risk != 9007199254740992', true],
    ['risk > 9007199254740992', true],
    ['risk > 9007199254740993', false],
    ['risk < 9007199254740994', true],
    ['risk >= 1e3', true],
    ['risk < 9.1e15', true],
    ['risk in [1, 9007199254740993]', true],
    ['risk in [1, 9007199254740992]', false],
    ['my_note = 9007199254740993', true],
    ['my_note = 9007199254740992', false],
  ])('%s: %p', (clause, holds) => {
    const large = { risk: 9_007_199_254_740_993n, my_note: 9_007_199_254_740_993n };
    expect(matches(clause, { properties: { ...incident.properties, ...large } })).toBe(holds);
  });

  it('are told apart in texts, too', () => {
    const texts = { properties: { ...incident.properties, ticket_ref: '9007199254740993' } };
    expect(matches('ticket_ref > 9007199254740992', texts)).toBe(true);
    expect(matches('ticket_ref >= 9007199254740994', texts)).toBe(false);
  });
});

describe('matchIncident', () => {
  it.each([
    // Selects by label or id.
    ['severity_code = High', true],
    ['severity_code == "High"', true],
    ['severity_code = high', false],
    [`severity_code = ${high}`, true],
    ['severity_code != High', false],
    ['severity_code != Low', true],
    ['severity_code in ["Low", \'High\']', true],
    ['severity_code not in (Low, Medium)', true],
    ['severity_code not in (Low, High)', false],
    ['plan_status == A', true],
    ['plan_status == "A"', true],
    ['plan_status is Active', true],
    ['plan_status = C', false],
    ['workspace = "Team B"', true],
    // People.
    ['owner_id = ada@example.com', true],
    ['owner_id = ADA@example.com', true],
    ['owner_id = "Ada Admin (ada@example.com)"', true],
    ['owner_id ~ example.com', true],
    ['owner_id = Ada', false],
    // Text.
    ['name ~ login', true],
    ['name ~ LOGIN', false],
    ['name = Suspicious login, again', true],
    ["name == 'Suspicious login, again'", true],
    ['description ~ "It & others are urgent"', true],
    ['description ~ "<b>urgent"', true],
    ['city is None', true],
    ["city = ''", true],
    // Numbers, decimals, booleans.
    ['id >= 2001', true],
    ['id > 2000.5', true],
    ['id < 2001', false],
    ['id = 2001.0', true],
    ['id = abc', false],
    ['id != abc', true],
    ['confirmed = false', true],
    ['confirmed is False', true],
    ["confirmed = 'false'", true],
    ['confirmed != true', true],
    ['confirmed ~ false', false],
    // Dates.
    [`discovered_date = ${noon}`, true],
    ['discovered_date = 2024-03-05', true],
    ['discovered_date != 2024-03-05', false],
    ['discovered_date < 2024-03-05', false],
    ['discovered_date <= 2024-03-05', true],
    ['discovered_date > 2024-03-05', false],
    ['discovered_date >= 2024-03-06', false],
    ['discovered_date > 2024-03-05T12:29', true],
    ['discovered_date = "2024-03-05 12:30"', true],
    ['discovered_date = 2024-03-05T13:30:15+01:00', true],
    ['discovered_date > yesterday', false],
    // Unset, absent, unlisted, custom and nested fields.
    ['resolution_id is None', true],
    ['resolution_id = None', true],
    ['resolution_id is not None', false],
    ['resolution_id != Resolved', true],
    ['resolution_id = Resolved', false],
    ['resolution_id in [None, Resolved]', true],
    ['resolution_id not in [None]', false],
    ['resolution_id ~ e', false],
    ['severity_code is not None', true],
    ["name = 'None'", false],
    ['no_such_field = 1', false],
    ['no_such_field < 1', false],
    ['no_such_field != 1', true],
    ['no_such_field is None', true],
    ['ticket_ref = T-1', true],
    ['properties.ticket_ref = T-1', true],
    ['risk >= 2.5', true],
    ['my_note = x', true],
    ['pii.data_compromised = true', true],
    ['data_compromised = true', false],
    ['hipaa.hipaa_breach = true', true],
    ['vers = 7', true],
    ['creator = 3', false],
    ['name = ada', false],
    // Multiselects: one of the items.
    ['incident_type_ids = Phishing', true],
    ['incident_type_ids ~ Phishing', true],
    ['incident_type_ids ~ Phish', false],
    ['incident_type_ids in [Phishing]', true],
    ['incident_type_ids != Phishing', true],
    ['incident_type_ids not in [Phishing, Malware]', false],
    ['members is None', true],
    ['members = "Night Watch"', false],
    ['members != "Night Watch"', true],
    ['labels >= 6.5', true],
    // All clauses count, also on one field; text is never run.
    ['id > 1; id < 3000', true],
    ['id > 1; id > 3000', false],
    ['name ~ "\\") or True #"', false],
    ['', true],
  ])('%j → %j', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it('takes what a search shows as well: handles as objects, rich text as objects', () => {
    const found = {
      severity_code: { id: high, name: 'High' },
      members: [{ id: watch, name: 'Night Watch' }],
      description: { format: 'html', content: 'all <i>clear</i>' },
      plan_status: { id: 'C', name: 'Closed' },
    };
    expect(
      matches('severity_code = High; members = Night Watch; description ~ all clear; plan_status = C', found),
    ).toBe(true);
  });

  it('any: one clause is enough, wherever it stands; none at all is no filter', () => {
    expect(matches('id = 1; severity_code = High', {}, 'any')).toBe(true);
    expect(matches('severity_code = High; no_such = 1', {}, 'any')).toBe(true);
    expect(matches('id = 1; no_such = 1', {}, 'any')).toBe(false);
    expect(matches('', {}, 'any')).toBe(true);
  });

  it('tells which fields nobody knows', () => {
    const criteria = parseCriteria(
      'severty = High; severity_code = High; pii.nope = 1; ticket_ref = 1; vers = 3; pii.data_format = 1',
      'all',
    );
    expect(unknownFields(criteria, eventOf(org, 'incident', incident))).toEqual(['severty', 'pii.nope']);
  });

  const scalar = fc.constantFrom<unknown>(
    null,
    undefined,
    0,
    3,
    3.5,
    -1,
    noon,
    'x',
    '',
    '3',
    'A',
    'C',
    high,
    malware,
    ada,
  );
  const payload = fc.record({
    id: fc.constantFrom(1, 3, 2001),
    city: fc.constantFrom('x', '', null, '3', 'xyz', 'None'),
    plan_status: fc.constantFrom('A', 'C', null),
    severity_code: fc.constantFrom(high, null, org.id('incident', 'severity_code', 'Low')),
    incident_type_ids: fc.subarray([malware, phishing]),
    confirmed: fc.constantFrom(true, false, null),
    discovered_date: fc.constantFrom(noon, noon + 86_400_000, null),
    properties: fc.record({
      risk: fc.constantFrom(null, 3, 3.5),
      ticket_ref: scalar.map((v) => (typeof v === 'string' ? v : null)),
    }),
  });
  const field = fc.constantFrom(
    ...[
      'id',
      'city',
      'plan_status',
      'severity_code',
      'incident_type_ids',
      'confirmed',
      'risk',
      'discovered_date',
      'nowhere',
    ],
  );
  const value = fc.constantFrom(
    '3',
    '3.5',
    '2001',
    'x',
    'A',
    'Closed',
    'High',
    'Low',
    'Malware',
    'true',
    'False',
    'None',
    '2024-03-05',
    String(noon),
    "''",
    '"None"',
  );
  const operator = fc.constantFrom(...['==', '!=', '<', '<=', '>', '>=', '~', 'is', 'is not', 'in', 'not in']);
  const clauses = fc.array(fc.tuple(field, operator, fc.array(value, { minLength: 1, maxLength: 3 })), {
    maxLength: 4,
  });

  it('agrees with a plain reading of the rules', () => {
    fc.assert(
      fc.property(payload, clauses, fc.constantFrom('all' as const, 'any' as const), (object, parts, combine) => {
        const text = parts
          .map(([name, op, values]) => `${name} ${op} ${op.endsWith('in') ? `[${values.join(',')}]` : values[0]}`)
          .join(';');
        const oracle = parts.map(([name, op, values]) =>
          plainly(object, name, op, op.endsWith('in') ? values : values.slice(0, 1)),
        );
        const expected = oracle.length === 0 || (combine === 'all' ? oracle.every(Boolean) : oracle.some(Boolean));
        expect(matchIncident(parseCriteria(text, combine), eventOf(org, 'incident', object))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

/** The rules as the documentation words them, written without the code's parts. */
function plainly(object: Record<string, unknown>, name: string, op: string, values: readonly string[]): boolean {
  const properties = object['properties'] as Record<string, unknown>;
  const raw = name === 'risk' ? properties['risk'] : object[name];
  const list = (Array.isArray(raw) ? raw : [raw]).filter((item) => item !== null && item !== undefined && item !== '');
  const unsetWords = values.filter((text) => text === 'None' || text === "''");
  const words = values.filter((text) => text !== 'None' && text !== "''").map((text) => text.replaceAll('"', ''));
  const isDay = (word: string): boolean => word === '2024-03-05';
  const day = Date.UTC(2024, 2, 5);

  const spellings = (item: unknown): string[] => {
    if (item === high) return ['High', String(high)];
    if (item === malware) return ['Malware', String(malware)];
    if (item === phishing) return ['Phishing', String(phishing)];
    if (name === 'severity_code') return ['Low', String(item)];
    if (name === 'plan_status') return item === 'A' ? ['Active', 'A'] : ['Closed', 'C'];
    return [String(item)];
  };
  const equal = (item: unknown, word: string): boolean => {
    if (name === 'discovered_date') return isDay(word) ? item === noon : Number(word) === item;
    if (name === 'confirmed') return word.toLowerCase() === String(item);
    if (name === 'id' || name === 'risk') return Number(word) === item;
    return spellings(item).includes(word);
  };
  const compare = (item: unknown, word: string): number => {
    if (name === 'confirmed' || (name === 'discovered_date' && word.includes('.'))) return NaN;
    if (name === 'discovered_date' && isDay(word))
      return (item as number) < day ? -1 : (item as number) > day + 86_399_999 ? 1 : 0;
    if (name === 'id' || name === 'risk' || name === 'discovered_date')
      return Number.isNaN(Number(word)) ? NaN : Math.sign((item as number) - Number(word));
    const label = spellings(item)[0] ?? '';
    const [a, b] = [Number(label), Number(word)];
    if (!Number.isNaN(a) && !Number.isNaN(b)) return Math.sign(a - b);
    return label < word ? -1 : label > word ? 1 : 0;
  };
  const holds = (item: unknown): boolean => {
    const one = words.some((word) => equal(item, word));
    const [word] = words;
    if (op === '==' || op === 'is' || op === 'in') return one;
    if (op === '!=' || op === 'is not' || op === 'not in') return !one;
    if (word === undefined) return false;
    if (op === '~') {
      if (name === 'incident_type_ids') return one;
      return ['city', 'severity_code', 'plan_status'].includes(name) && (spellings(item)[0] ?? '').includes(word);
    }
    const order = compare(item, word);
    return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0;
  };
  if (list.length > 0) return list.some(holds);
  if (op === '==' || op === 'is' || op === 'in') return unsetWords.length > 0;
  if (op === '!=' || op === 'is not' || op === 'not in') return unsetWords.length === 0;
  return false;
}
