import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBody, toPatchChanges, toRowBody } from '../../src/translate/bodies.js';
import { fieldDigests } from '../../src/translate/digest.js';
import { equalValues, normaliseRichText } from '../../src/translate/normalise.js';
import { canonicalHtml } from '../../src/translate/normaliseRichText.js';
import { htmlToText } from '../../src/fields/richText.js';
import type { TranslatedField } from '../../src/fields/TranslatedField.js';

const html = (content: string): TranslatedField => ({
  name: 'text',
  inputType: 'textarea',
  value: { format: 'html', content },
});
const text = (content: string): TranslatedField => ({
  name: 'text',
  inputType: 'textarea',
  value: { format: 'text', content },
});
const ids = (value: unknown): TranslatedField => ({ name: 'types', inputType: 'multiselect', value });
const field = (
  name: string,
  inputType: string,
  value: unknown,
  more: Partial<TranslatedField> = {},
): TranslatedField => ({
  name,
  inputType,
  value,
  ...more,
});

describe('digests', () => {
  it.each([
    ['order of a multiselect', ids([3, 1, 2]), ids([1, 2, 3])],
    [
      'case of tags, void tags, quotes, order of attributes',
      html(`<DIV Class='a' id=b>x<BR/></DIV>`),
      html('<div id="b" class="a">x<br></div>'),
    ],
    ['entities', html('&#60;a&#x3e; &quot;b&apos; c&nbsp;'), html('&lt;a&gt; "b\' c\u00A0')],
    ['line ends', html('a\r\nb\rc'), html('a\nb\nc')],
    [
      'comments, scripts, handlers',
      html('<p onclick="x()">a<!-- no --><script>var b = "<p>";</script></p>'),
      html('<p>a</p>'),
    ],
    ['text and the HTML that shows it', text('a < b\nc'), html('a &lt; b<br>c')],
    ['unset and empty', html(''), { ...html(''), value: null }],
    ['unset and empty list', ids([]), ids(null)],
  ])('do not change with %s', (_what, a, b) => {
    expect(fieldDigests([a])).toEqual(fieldDigests([b]));
  });

  it.each([
    ['text', html('a b'), html('a  b')],
    ['an entity left by its name', html('&copy;'), html('&amp;copy;')],
    ['escaped and real tags', html('&lt;b&gt;x'), html('<b>x')],
    ['tags', html('<b>x</b>'), html('<i>x</i>')],
    ['an attribute', html('<a href="x">y</a>'), html('<a href="z">y</a>')],
    ['a member', ids([1, 2]), ids([1, 3])],
    ['text and number of one spelling', field('x', 'text', '1'), field('x', 'number', 1)],
    ['false and unset', field('x', 'boolean', false), field('x', 'boolean', null)],
  ])('change with %s', (_what, a, b) => {
    expect(fieldDigests([a])).not.toEqual(fieldDigests([b]));
  });

  it('two different texts never have one digest', () => {
    const odd = fc.array(
      fc.constantFrom('&', 'amp;', 'lt;', '<', '>', '#60;', 'copy;', ' ', '\n', '/', 'b', '"', '\u00A0', '!--', '-->'),
      { maxLength: 12 },
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      odd.map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const same = a.replaceAll(/\r\n?/g, '\n') === b.replaceAll(/\r\n?/g, '\n');
        expect(isDeepStrictEqual(fieldDigests([text(a)]), fieldDigests([text(b)]))).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('one short hash per field, sections apart, without what is only sent at create', () => {
    const fields = [
      field('name', 'text', 'a'),
      field('name', 'text', 'a', { prefix: 'properties' }),
      field('workspace', 'select', 4, { createOnly: true }),
    ];
    const digests = fieldDigests(fields);
    expect(Object.keys(digests)).toEqual(['name', 'properties.name']);
    expect(digests['name']).toMatch(/^[\w-]{16}$/);
  });
});

describe('normaliseRichText', () => {
  it.each([
    ['<div>\n  a   b\n</div>\n<p> c </p>', '<div>a b</div><p>c</p>'],
    ['a <b> b</b> c', 'a <b>b</b> c'],
    ['<pre> a\n  b </pre>', '<pre> a\n  b </pre>'],
    ['  a  ', 'a'],
  ])('%j → %j', (given, expected) => {
    expect(normaliseRichText(given)).toBe(expected);
  });

  it('changes nothing the second time, and never throws', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      'a',
      '<b>',
      '</b>',
      '<br',
      '/>',
      ' ',
      '\n',
      '"',
      "'",
      '=',
      '&',
      ';',
      '&lt;',
      '&#0;',
      '&#xD800;',
      '<!--',
      '-->',
      '<script>',
      '</script>',
      '<p ',
      'x="',
      '<pre>',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join('')),
        (given) => {
          const once = canonicalHtml(given);
          expect(canonicalHtml(once)).toBe(once);
          expect(typeof normaliseRichText(given)).toBe('string');
          expect(typeof htmlToText(given)).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['<a ', '<a ">" ', '<!-- ', '<script>', '&a', "<b c='", '<div> ', '<p>Zeile — 行</p>'])(
    'is quick on a megabyte of %j',
    (piece) => {
      // Processor time, which does not depend on how busy the machine is.
      const started = process.cpuUsage();
      normaliseRichText(piece.repeat(1_000_000 / piece.length));
      htmlToText(piece.repeat(1_000_000 / piece.length));
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000);
    },
  );
});

describe('equalValues', () => {
  it.each([
    ['select', { id: 4, name: 'High' }, 4, true],
    ['select', 4, 5, false],
    ['multiselect', [{ id: 2 }, { id: 1 }], [1, 2], true],
    ['multiselect', null, [], true],
    ['multiselect', [1], [1, 2], false],
    ['text', undefined, '', true],
    ['text', 'a ', 'a', false],
    ['boolean', null, false, false],
    ['datetimepicker', 12, 12, true],
    ['textarea', 'a\r\nb', 'a\nb', true],
    ['textarea', 'a <b>', 'a <B>', false],
    ['textarea', '<div>a<br />b</div>', { format: 'html', content: '<DIV>a<br>b</DIV>\n' }, true],
    ['textarea', { format: 'html', content: 'x' }, { format: 'html', content: 'y' }, false],
    ['textarea', 'a &lt; b\nc', { format: 'text', content: 'a < b\nc' }, true],
    ['textarea', 'a &lt; b<br />c', { format: 'text', content: 'a < b\nc' }, true],
    ['textarea', { format: 'html', content: null }, { format: 'html', content: '' }, true],
  ])('%s: %j and %j: %s', (inputType, current, ours, expected) => {
    expect(equalValues({ inputType }, current, ours)).toBe(expected);
  });
});

describe('bodies', () => {
  const fields = [
    field('name', 'text', 'n'),
    field('severity_code', 'select', null),
    field('risk', 'number', 4, { prefix: 'properties' }),
    field('tags', 'multiselect', [1], { prefix: 'properties' }),
    field('data_compromised', 'boolean', true, { prefix: 'pii' }),
    field('hipaa_breach', 'boolean', true, { prefix: 'hipaa', unlisted: true }),
    field('workspace', 'select', 9, { createOnly: true }),
  ];

  it('nest sections, keep null', () => {
    expect(toBody(fields)).toEqual({
      name: 'n',
      severity_code: null,
      properties: { risk: 4, tags: [1] },
      pii: { data_compromised: true },
      hipaa: { hipaa_breach: true },
      workspace: 9,
    });
    expect(toRowBody(fields.slice(0, 2))).toEqual({ cells: { name: { value: 'n' }, severity_code: { value: null } } });
  });

  it('patch in typed holders, custom fields named as the server wants them', () => {
    expect(toPatchChanges(fields, { customFieldAs: 'prefixed' })).toEqual([
      { field: 'name', old_value: { text: null }, new_value: { text: 'n' } },
      { field: 'severity_code', old_value: { id: null }, new_value: { id: null } },
      { field: 'properties.risk', old_value: { number: null }, new_value: { number: 4 } },
      { field: 'properties.tags', old_value: { ids: [] }, new_value: { ids: [1] } },
      { field: 'data_compromised', old_value: { boolean: null }, new_value: { boolean: true } },
    ]);
    const bare = toPatchChanges([field('risk', 'number', null, { prefix: 'properties' })], { customFieldAs: 'bare' });
    expect(bare).toEqual([{ field: 'risk', old_value: { number: null }, new_value: { number: null } }]);
    const others = [
      field('start_date', 'datetimepicker', 5),
      field('owner_id', 'select_owner', 3),
      field('members', 'multiselect_members', null),
      field('description', 'textarea', { format: 'html', content: 'x' }),
      field('comment', 'textarea', 'plain'),
      field('summary', 'textarea', null),
    ];
    expect(toPatchChanges(others, { customFieldAs: 'bare' }).map((change) => change.new_value)).toEqual([
      { date: 5 },
      { id: 3 },
      { ids: [] },
      { textarea: { format: 'html', content: 'x' } },
      { textarea: { format: 'text', content: 'plain' } },
      { textarea: null },
    ]);
  });
});
