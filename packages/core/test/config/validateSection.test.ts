import { homedir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeSection, sectionSkeleton } from '../../src/config/describeSection.js';
import { field } from '../../src/config/field.js';
import { rawValues } from '../../src/config/RawValues.js';
import { readAppConfig } from '../../src/config/readAppConfig.js';
import { validateSection } from '../../src/config/validateSection.js';
import { Redactor } from '../../src/telemetry/redact.js';

/** One key through validateSection: its value, or its problem. */
function read(type: z.ZodType, text: string | undefined): unknown {
  const result = validateSection('s', rawValues(text === undefined ? {} : { k: text }), z.object({ k: type }), {
    folder: '/etc/soar',
    redactor: new Redactor(),
  });
  return result.ok ? result.value.k : result.issues.map(({ key, problem }) => `${key}: ${problem}`).join('\n');
}

describe('field', () => {
  it.each([
    [field.integer(), '42', 42],
    [field.integer(), '-7', -7],
    [field.number(), '1.5', 1.5],
    [field.flag(), 'YES', true],
    [field.flag(), 'confirm', true],
    [field.flag(), 'agree', true],
    [field.flag(), '1', true],
    [field.flag(), 'False', false],
    [field.flag(), '0', false],
    [field.choice(['all', 'any']), 'ANY', 'any'],
    [field.list(), ' a, b ,,c,', ['a', 'b', 'c']],
    [field.list({ separator: ';' }), 'a,b;c', ['a,b', 'c']],
    [field.duration(), '30', 30_000],
    [field.duration({ bareUnit: 'ms' }), '30', 30],
    [field.duration(), '30s', 30_000],
    [field.duration(), '5m', 300_000],
    [field.duration(), '1.5 H', 5_400_000],
    [field.duration(), '250ms', 250],
    [field.bytes(), '25MB', 26_214_400],
    [field.bytes(), '1.5 kb', 1536],
    [field.bytes(), '10', 10],
    [field.path(), 'x/../y', '/etc/soar/y'],
    [field.path(), '/abs', '/abs'],
    [field.path(), '~/ca.pem', `${homedir()}/ca.pem`],
    [field.path().default('state.db'), undefined, '/etc/soar/state.db'],
    [field.pathOrFalse(), 'FALSE', false],
    [field.pathOrFalse(), 'ca.pem', '/etc/soar/ca.pem'],
    [field.url(), 'https://h:9200/x', 'https://h:9200/x'],
    [field.text(), 'any = : ; thing', 'any = : ; thing'],
    [field.text().optional(), '', undefined],
    [field.integer().default(5), '', 5],
    [field.text({ emptyIsValue: true }).default('x'), '', ''],
    [field.text().optional(), undefined, undefined],
  ])('%# reads %j', (type, text, expected) => {
    expect(read(type, text)).toEqual(expected);
  });

  it.each([
    [field.integer({ min: 1, max: 256 }), '257', 'k: found "257"; accepted: a whole number from 1 to 256'],
    [field.integer(), '1e3', 'k: found "1e3"; accepted: a whole number'],
    [field.integer(), '99999999999999999999', 'k: found "99999999999999999999"; accepted: a whole number'],
    [field.number({ min: 0 }), '-1', 'k: found "-1"; accepted: a number, at least 0'],
    [field.flag(), 'ture', 'k: found "ture"; accepted: true or false (also yes/no, on/off, 1/0)'],
    [field.choice(['a', 'b', 'c']), 'd', 'k: found "d"; accepted: a, b or c'],
    [field.duration({ max: 60_000 }), '5m', /^k: found "5m"; accepted: a duration such as .*, at most 1m$/],
    [field.duration(), '-5s', /^k: found "-5s"/],
    [field.duration(), '5 parsecs', /^k: found "5 parsecs"/],
    [field.bytes(), '1TB', /^k: found "1TB"/],
    [field.url(), 'ftp://h', 'k: found "ftp://h"; accepted: a URL starting http:// or https://'],
    [field.url(), 'x//me:pw@h', /found "x\/\/…@h"/],
    [field.text(), undefined, 'k: is missing; accepted: text'],
    [field.text(), '', 'k: is empty; accepted: text'],
    [field.text({ pattern: /^\w+$/, accepts: 'a word' }), 'two words', 'k: found "two words"; accepted: a word'],
  ])('%# refuses %j', (type, text, expected) => {
    if (typeof expected === 'string') expect(read(type, text)).toBe(expected);
    else expect(read(type, text)).toMatch(expected);
  });

  it('lets a grammar of its own say what is wrong', () => {
    const parse = (): never => {
      throw new Error('no such thing');
    };
    expect(read(field.parsed(parse, { accepts: 'things' }), 'x')).toBe('k: no such thing');
  });
});

describe('validateSection', () => {
  const schema = z.object({
    db_file: field.path({ alias: 'db_sync_file' }).optional(),
    token: field.secret().optional(),
    matching: field.text().optional(),
  });

  it('takes an alias, and refuses two names with two values', () => {
    const options = { folder: '/f', redactor: new Redactor() };
    expect(validateSection('s', rawValues({ db_sync_file: 'a' }), schema, options).value).toEqual({ db_file: '/f/a' });
    expect(validateSection('s', rawValues({ db_sync_file: 'a', db_file: '' }), schema, options).ok).toBe(true);
    expect(validateSection('s', rawValues({ db_sync_file: 'a', db_file: 'b' }), schema, options).issues).toEqual([
      {
        section: 's',
        key: 'db_file',
        problem: 'is also given as db_sync_file, with another value; keep one of the two',
      },
    ]);
  });

  it('warns of unknown keys with a hint, not of reserved or inherited ones', () => {
    const { sections } = readAppConfig('[DEFAULT]\nfrom_default=1\n[s]\nmacthing=x\nsomething=1\nclass=F\n', 'f');
    const result = validateSection('s', sections.get('s')?.values ?? new Map(), schema, { reserved: ['class'] });
    expect(result.ok).toBe(true);
    expect(result.warnings).toEqual([
      { section: 's', key: 'macthing', problem: 'is not known and has no effect; did you mean matching? (line 4)' },
      { section: 's', key: 'something', problem: 'is not known and has no effect (line 5)' },
    ]);
  });

  it('asks about the slip when a required key is missing', () => {
    const result = validateSection('s', rawValues({ hots: 'h' }), z.object({ host: field.text() }));
    expect(result.issues[0]?.problem).toBe('is missing (is hots meant to be it?); accepted: text');
  });

  it('hands unknown keys to a schema with a catch-all', () => {
    const result = validateSection(
      's',
      rawValues({ 'bootstrap.servers': 'h' }),
      z.looseObject({ a: field.text().optional() }),
    );
    expect(result.value).toEqual({ 'bootstrap.servers': 'h' });
    expect(result.warnings).toEqual([]);
  });

  it('never shows a secret, and remembers it', () => {
    const redactor = new Redactor();
    const strict = z.object({
      token: field.secret(),
      port: field.integer(),
      echo: field.parsed(
        (text): string => {
          throw new Error(`bad ${text}`);
        },
        { accepts: 'x' },
      ),
    });
    const raw = new Map([
      ['token', { text: 'hunter22' }],
      ['port', { text: 'portsecret', secrets: ['portsecret'] as const }],
      ['echo', { text: 'has hunter22 in it' }],
    ]);
    const report = JSON.stringify(validateSection('s', raw, strict, { redactor }).issues);
    expect(report).toContain('found a secret value (not shown); accepted: a whole number');
    expect(report).toContain('bad has [redacted] in it');
    expect(report).not.toMatch(/hunter22|portsecret/);
    expect(redactor.redact('x hunter22')).toBe('x [redacted]');
  });

  it('reports a reference that names nothing for a known key only, once', () => {
    const raw = new Map([
      ['token', { text: '$T', unresolved: '$T is not set', line: 3 }],
      ['other', { text: '$U', unresolved: '$U is not set' }],
    ]);
    const result = validateSection('s', raw, schema);
    expect(result.issues).toEqual([{ section: 's', key: 'token', problem: '$T is not set (line 3)' }]);
  });
});

describe('describeSection', () => {
  const schema = z.object({
    host: field.text({ doc: 'Where.', pattern: /x/, accepts: 'a host name' }),
    wait: field.duration({ doc: 'How long.', alias: 'pause' }).default(90_000),
    key: field.secret({ doc: 'Which.' }).optional(),
    sizes: field.bytes().default(1024),
    names: field.list().default(['a', 'b']),
  });

  it('has a row per key with everything the docs need', () => {
    const rows = describeSection(schema);
    expect(
      rows.map(({ key, kind, required, secret, defaultText }) => [key, kind, required, secret, defaultText]),
    ).toEqual([
      ['host', 'text', true, false, undefined],
      ['wait', 'duration', false, false, '90s'],
      ['key', 'secret', false, true, undefined],
      ['sizes', 'bytes', false, false, '1KB'],
      ['names', 'list', false, false, 'a,b'],
    ]);
    expect(rows[1]).toMatchObject({ unit: 'seconds', aliases: ['pause'], doc: 'How long.' });
  });

  it('writes a skeleton that reads back as the defaults', () => {
    const text = sectionSkeleton('s', schema, { host: 'x', key: '$KEY' });
    expect(text).toContain('# Where. Accepted: a host name.\nhost=x\n');
    expect(text).toContain('\n#wait=90s\n');
    const raw = readAppConfig(text.replaceAll(/^#(?=\w+=)/gm, ''), 'f').sections.get('s')?.values ?? new Map();
    expect(validateSection('s', raw, schema).value).toEqual({
      host: 'x',
      wait: 90_000,
      key: '$KEY',
      sizes: 1024,
      names: ['a', 'b'],
    });
  });
});
