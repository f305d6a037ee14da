import { expect, it } from '@jest/globals';
import { Waits } from '../src/oracles/Waits.js';

const host = { name: 'host 1', pid: 1, skewMs: 0, dead: false };
const change = 'PATCH /rest/orgs/202/incidents/12001 HTTP/1.1';

it('a change that is sent again before the server wants it is found, once', () => {
  const waits = new Waits();
  waits.told(host, change, 10, 1_000);
  waits.asks(host, change, 10_999);
  waits.asks(host, change, 10_999);
  expect(waits.findings).toEqual([
    { check: 'impatient', text: `host 1 sends "${change}" again 1 ms before the server wants it` },
  ]);
});

it.each([
  ['after its time', host, change, change],
  ['by the next process', { ...host, name: 'host 2' }, change, change],
  ['to another object', host, change, change.replace('12001', '12002')],
  ['for a reading', host, change.replace('PATCH', 'GET'), change.replace('PATCH', 'GET')],
  ['for an incident that is new, as another lane makes one, too', host, 'POST /rest/orgs/202/incidents HTTP/1.1', ''],
])('what is sent %s is not', (when, by, told, asked) => {
  const waits = new Waits();
  waits.told(host, told, 10, 1_000);
  waits.asks(by, asked || told, when === 'after its time' ? 11_000 : 2_000);
  expect(waits.findings).toEqual([]);
});
