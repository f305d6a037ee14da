import { describe, expect, it } from '@jest/globals';
import { emailsOf } from '../../src/fields/emailsOf.js';
import { People } from '../../src/translate/People.js';

const user = (id: number, fname: string, lname: string, email: string, status = 'A') => ({
  id,
  fname,
  lname,
  email,
  status,
});
const group = (id: number, name: string) => ({ id, name, export_key: name });

const SOC = 'SOC Berlin (soc-berlin@example.com)';

describe('people and groups', () => {
  const people = new People(
    [
      user(1, 'Ada', 'Admin', 'Ada@Example.com'),
      user(2, 'Soc', 'Mailbox', 'soc-berlin@example.com'),
      user(3, 'Gone', 'Away', 'gone@example.com', 'I'),
      user(4, 'Eve', 'Twin', 'eve@example.com'),
    ],
    [
      group(11, SOC),
      group(12, 'Night Watch'),
      group(13, 'Eve Twin (eve@example.com)'),
      group(14, 'team@night'),
      group(15, 'Gone Away (gone@example.com)'),
    ],
    [],
  );

  it.each([
    ['a group that is called like a user, by its whole label', SOC, 11],
    ['a user by the whole label', 'Ada Admin (Ada@Example.com)', 1],
    ['a user by e-mail, in any case, whatever the name', 'A. Administrator (ada@example.COM)', 1],
    ['a user by e-mail where the group has another name', 'SOC Berlin 2 (soc-berlin@example.com)', 2],
    ['a user by a bare e-mail', 'ada@example.com', 1],
    ['the user where a group has the same label', 'Eve Twin (eve@example.com)', 4],
    ['a group by name in any case', ' night watch ', 12],
    ['a group whose name holds an @', 'team@night', 14],
    ['a group whose label was a user who left', 'Gone Away (gone@example.com)', 15],
    ['an e-mail before further parentheses', 'Ada Admin (ada@example.com) (external)', 1],
    ['an e-mail after further parentheses', 'Ada (Berlin) Admin (ada@example.com)', 1],
    ['nobody who left', 'gone@example.com', undefined],
    ['nobody unknown', 'Who (who@example.com)', undefined],
  ])('are found: %s', (_what, label, id) => {
    expect(people.idOf(label)).toBe(id);
  });

  it.each(['__proto__', 'constructor', 'valueOf', 'toString', 'hasOwnProperty'])(
    'called %s are none, or who they are',
    (name) => {
      expect(people.idOf(name)).toBeUndefined();
      expect(new People([], [group(7, name)], []).idOf(name)).toBe(7);
    },
  );

  it('are known by whole label where their lists cannot be read', () => {
    const choices = [
      { value: 5, label: 'Ada Admin (ada@example.com)', enabled: true },
      { value: 6, label: 'Old', enabled: false },
    ];
    const offered = new People([], [], choices);
    expect(offered.idOf('Ada Admin (ada@example.com)')).toBe(5);
    expect(offered.idOf('Old')).toBeUndefined();
  });

  it('have their e-mails wherever a label shows one', () => {
    expect(emailsOf('A (x@y) B (c@d)')).toEqual(['c@d', 'x@y']);
    expect(emailsOf('Night Watch')).toEqual([]);
    expect(emailsOf('Night (Watch)')).toEqual([]);
  });
});
