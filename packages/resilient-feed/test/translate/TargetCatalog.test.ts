import { describe, expect, it } from '@jest/globals';
import { TargetCatalog } from '../../src/translate/TargetCatalog.js';
import { catalogOf, catalogSource, listsOf } from '../helpers/catalogSource.js';
import { orgTypes } from '../helpers/orgTypes.js';

const org = orgTypes(5000, {
  severities: ['Low', { label: 'High', enabled: false }, { label: 'High', value: 71 }, { label: 'high', value: 72 }],
  incidentFields: (types) => ({
    state: types.field('state', 'select', {
      options: [{ label: 'Punjab', value: 8 }, { label: 'Punjab', value: 9 }, 'Goa'],
    }),
  }),
});

describe('TargetCatalog', () => {
  it('finds options by label: enabled ones, exact before without case, the like-numbered of equals', async () => {
    const catalog = await catalogOf(org);
    expect(catalog.optionId('incident', 'severity_code', 'High')).toBe(71);
    expect(catalog.optionId('incident', 'severity_code', 'high')).toBe(72);
    expect(catalog.optionId('incident', 'severity_code', ' LOW ')).toBe(org.id('incident', 'severity_code', 'Low'));
    expect(catalog.optionId('incident', 'state', 'Punjab', 9)).toBe(9);
    expect(catalog.optionId('incident', 'state', 'Punjab', 4)).toBe(8);
    expect(catalog.optionId('incident', 'state', 'Nowhere')).toBeUndefined();
    expect(catalog.optionId('no_type', 'state', 'Goa')).toBeUndefined();
  });

  it('finds people by e-mail and groups by name or key, in any case; not those who left', async () => {
    const catalog = await catalogOf(org);
    expect(catalog.personId('ada@example.COM')).toBe(9001);
    expect(catalog.personId('gone@example.com')).toBeUndefined();
    expect(catalog.personId('night watch')).toBe(9010);
    expect(catalog.personId('Night Watch Group')).toBe(9010);
    expect(catalog.workspaceId('team b')).toBe(9102);
    expect(catalog.workspaceId('Team C')).toBeUndefined();
  });

  it('finds artifact types by either name', async () => {
    const catalog = await catalogOf(org);
    const family = { handle: 'malware_family', file: false, allowDuplicate: true };
    expect(catalog.artifactType('Malware Family')).toMatchObject(family);
    expect(catalog.artifactType('malware_family')).toMatchObject(family);
    expect(catalog.artifactType('IP Address')).toMatchObject({
      handle: org.id('artifact', 'type', 'IP Address'),
      allowDuplicate: false,
    });
    expect(catalog.artifactType('Retired')).toBeUndefined();
  });

  it('names an artifact type by its id where the list of types cannot be read', async () => {
    const source = catalogSource(org);
    const unread = { ...source, artifactTypes: { all: () => Promise.reject(new Error('403')) } };
    const id = org.id('artifact', 'type', 'Malware Family');
    expect((await TargetCatalog.load(unread)).artifactType('Malware Family')).toMatchObject({ id, handle: id });
  });

  it('reads everybody from a list of any length', async () => {
    const lists = listsOf(org);
    lists.users = Array.from({ length: 2500 }, (_, i) => ({ id: i + 1, email: `user${i}@example.com`, status: 'A' }));
    const catalog = await TargetCatalog.load(catalogSource(org, lists));
    expect(catalog.personId('user2499@example.com')).toBe(2500);
  });

  it('reads again at most every 30 s, once for all who ask, and seldom while nothing changes', async () => {
    let now = 0;
    const lists = listsOf(org);
    const source = catalogSource(org, lists);
    const catalog = await TargetCatalog.load(source, undefined, () => now);
    expect(await catalog.refresh(false)).toBe(false);
    expect(source.reads).toBe(1);

    now += 30_000;
    lists.users = [...lists.users, { id: 9004, email: 'new@example.com', status: 'A' }];
    expect(await Promise.all([catalog.refresh(false), catalog.refresh(false)])).toEqual([true, true]);
    expect(source.reads).toBe(2);
    expect(catalog.personId('new@example.com')).toBe(9004);

    now += 30_000;
    expect(await catalog.refresh(false)).toBe(false);
    expect(source.reads).toBe(3);
    now += 30_000;
    await catalog.refresh(false);
    expect(source.reads).toBe(3);
    now += 30_000;
    await catalog.refresh(false);
    expect(source.reads).toBe(4);
  });

  it('reads at once, a few times, for what is lacking for the first time', async () => {
    let now = 0;
    const lists = listsOf(org);
    const source = catalogSource(org, lists);
    const catalog = await TargetCatalog.load(source, undefined, () => now);
    lists.users = [...lists.users, { id: 9004, email: 'new@example.com', status: 'A' }];
    expect(await catalog.refresh(true)).toBe(true);
    expect(catalog.personId('new@example.com')).toBe(9004);
    for (let turn = 0; turn < 4; turn += 1) await catalog.refresh(true);
    expect(source.reads).toBe(4);
    // And then at a distance.
    now += 2_000;
    await catalog.refresh(true);
    await catalog.refresh(true);
    expect(source.reads).toBe(5);
    // The readings in between do not put off the next one.
    now += 30_000;
    await catalog.refresh(false);
    await catalog.refresh(true);
    expect(source.reads).toBe(7);
  });

  it('keeps what it has when reading fails', async () => {
    let now = 0;
    const source = catalogSource(org);
    const catalog = await TargetCatalog.load(source, undefined, () => now);
    source.groups.all = () => Promise.reject(new Error('503'));
    now += 30_000;
    source.types.all = () => Promise.reject(new Error('503'));
    expect(await catalog.refresh(false)).toBe(false);
    expect(catalog.personId('Night Watch')).toBe(9010);
    expect(catalog.optionId('incident', 'severity_code', 'high')).toBe(72);
    expect(catalog.workspaceId('team b')).toBe(9102);
  });
});
