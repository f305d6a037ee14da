import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { isSimpleMarkup } from '../../../src/fields/isSimpleMarkup.js';
import { isKnownAgain, kindOf, mergeName } from '../../../src/write/create/mayTravel.js';

const key = { orgId: 201, incidentId: 1, objectId: 5 };

function event(type: string, payload: object = {}, more: Partial<FeedEvent> = {}): FeedEvent {
  const parent = { ...key, type: 'incident', objectId: 1 };
  return { key: { ...key, type }, parent, operation: 'upsert', payload, ...more } as FeedEvent;
}

describe('what may travel inside the create of an incident', () => {
  it('are first-level notes and artifacts', () => {
    expect(kindOf(event('note', { task_id: null, children: [] }))).toBe('comments');
    expect(kindOf(event('artifact', { attachment: null }))).toBe('artifacts');
  });

  it.each([
    ['another type', event('milestone')],
    ['a note of a task', event('note', { task_id: 4 })],
    ['a note that says that it is of a task', event('note', { type: 'task' })],
    ['a note with a reply', event('note', { children: [{ id: 6 }] })],
    ['a deleted note', event('note', { is_deleted: true })],
    ['a reply', event('note', {}, { parent: { ...key, type: 'note', objectId: 4 } })],
    ['an artifact below another', event('artifact', {}, { parent: { ...key, type: 'artifact', objectId: 4 } })],
    ['an artifact with a file', event('artifact', { attachment: { id: 1 } })],
    ['what came back', event('artifact', {}, { restored: true })],
    ['a delete', event('artifact', {}, { operation: 'delete' })],
  ])('is not %s', (_what, one) => {
    expect(kindOf(one)).toBeUndefined();
  });

  it.each([
    ['plain words', true],
    ['<div class="rte"><div>a &amp; b<br/>c</div></div>', true],
    ['<P>one <STRONG>two</STRONG></P><ul><li>3</li></ul>', true],
    ['<a href="https://example.com/?a=1&amp;b=2">there</a>', true],
    ['1 < 2', false],
    ['<!-- note -->', false],
    ['<p onclick="x()">a</p>', false],
    ['<a href="javascript:x()">a</a>', false],
    ['<span style="color: red">a</span>', false],
    ['<table><tr><td>a</td></tr></table>', false],
    ['<script>a</script>', false],
  ])('nothing is cleaned out of %s: %s', (html, simple) => {
    expect(isSimpleMarkup(html)).toBe(simple);
  });

  it('is known again in the target: a text, and a value that is not split', () => {
    const catalog = { isUnsplit: (type: unknown) => type === 31 };
    const text = (content: string, format = 'html') => [
      { name: 'text', inputType: 'textarea', value: { format, content } },
    ];
    const artifact = (type: number, value: string) => [
      { name: 'type', inputType: 'select', value: type },
      { name: 'value', inputType: 'text', value },
    ];
    expect(isKnownAgain('comments', text('<p>a</p>'), catalog)).toBe(true);
    expect(isKnownAgain('comments', text('1 < 2', 'text'), catalog)).toBe(true);
    expect(isKnownAgain('comments', text('1 < 2'), catalog)).toBe(false);
    expect(isKnownAgain('comments', text(' '), catalog)).toBe(false);
    expect(isKnownAgain('comments', [{ name: 'text', inputType: 'textarea', value: null }], catalog)).toBe(false);
    const origin = 'Incident created from \nHost:soar.example.com\nOrg 201\nIncident 5';
    expect(isKnownAgain('comments', text(origin, 'text'), catalog)).toBe(false);
    expect(isKnownAgain('artifacts', artifact(1, '10.0.0.1'), catalog)).toBe(true);
    expect(isKnownAgain('artifacts', artifact(1, '10.0.0.1, 10.0.0.2'), catalog)).toBe(false);
    expect(isKnownAgain('artifacts', artifact(31, 'two words.txt'), catalog)).toBe(true);
    expect(isKnownAgain('artifacts', artifact(31, ''), catalog)).toBe(false);
  });

  it('is one of those that a server may merge', () => {
    const named = (value: string) => mergeName('artifact', [{ name: 'value', inputType: 'text', value }]);
    expect(named('Host')).toBe(named('host'));
    expect(named('Host')).not.toBe(named('other'));
  });
});
