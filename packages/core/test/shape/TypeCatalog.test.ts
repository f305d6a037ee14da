import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { SoarApiError } from '@soar-feed/soar-client';
import type { TypeSchema } from '../../src/contract/TypeSchema.js';
import { TypeCatalog } from '../../src/shape/TypeCatalog.js';
import type { TypeDescription } from '../../src/shape/toTypeSchema.js';
import { toTypeSchema } from '../../src/shape/toTypeSchema.js';
import { unknownToSchema } from '../../src/shape/unknownToSchema.js';

const MINUTE_MS = 60_000;

const option = (value: number | string, label = `option ${value}`) => ({ value, label });

/** The incident type of an organization that has these users. */
function incidentType(...users: readonly number[]): TypeDescription {
  return {
    ...{ id: 0, type_id: 0, type_name: 'incident', display_name: 'Incident', parent_types: [] },
    fields: [
      { id: 1, name: 'owner_id', input_type: 'select_owner', values: users.map((id) => option(id)) },
      { id: 2, name: 'members', input_type: 'multiselect_members', values: users.map((id) => option(id)) },
      { id: 3, name: 'plan_status', input_type: 'select', values: [option('A'), option('C')] },
      { id: 4, name: 'risk', input_type: 'select', prefix: 'properties', values: [option(7)] },
      { id: 5, name: 'org_handle', input_type: 'select', values: [] },
      { id: 6, name: 'severity_text', input_type: 'text' },
    ],
  };
}

const table: TypeDescription = {
  ...{ id: 1001, type_id: 8, type_name: 'hosts', display_name: 'Hosts', parent_types: ['incident'] },
  fields: [{ id: 322, name: 'state', input_type: 'select', values: [option(52)] }],
};

/** A catalog of a source whose types change, and how often they were read. */
function changing(initially: TypeDescription) {
  const clock = fakeClock();
  const source = { types: [initially, table] as readonly TypeDescription[], reads: 0, away: false };
  const catalog = new TypeCatalog(async () => {
    source.reads += 1;
    if (source.away) throw new Error('away');
    return source.types;
  }, clock);
  const incident = async (): Promise<TypeSchema> => (await catalog.named('incident')) as TypeSchema;
  return { catalog, clock, source, incident };
}

describe('unknownToSchema', () => {
  it.each([
    [{ owner_id: 3, members: [3], plan_status: 'A', properties: { risk: 7 } }, []],
    [{ owner_id: null, members: [], plan_status: 'C', properties: null }, []],
    [{ org_handle: 201, severity_text: 'text' }, []],
    [{ properties: { risk: null, added: null } }, ['added']],
    [{ owner_id: 4, members: [3, 5, 6] }, ['owner_id=4', 'members=5', 'members=6']],
    [
      { owner_id: { id: 4, name: 'Di' }, plan_status: 'X', properties: { risk: 8 } },
      ['owner_id=4', 'plan_status=X', 'risk=8'],
    ],
  ])('of %j are %j', (object, expected) => {
    const found = unknownToSchema(toTypeSchema(incidentType(3)), object);
    expect(found).toEqual(expected.map((each) => `incident.${each}`));
  });

  it('are found in the cells of a row', () => {
    const row = (value: unknown) => ({ id: 1, cells: { '322': { id: 322, value } } });
    expect(unknownToSchema(toTypeSchema(table), row(52))).toEqual([]);
    expect(unknownToSchema(toTypeSchema(table), { cells: { '400': { id: 400 } } })).toEqual(['hosts.400']);
    expect(unknownToSchema(toTypeSchema(table), row(53))).toEqual(['hosts.state=53']);
    expect(unknownToSchema(toTypeSchema(table), { id: 1, cells: { '322': { id: 322 } } })).toEqual([]);
  });
});

describe('TypeCatalog.knowing', () => {
  it('reads the types again for an option that was added since', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    const before = await incident();
    source.types = [incidentType(3, 4), table];
    await clock.advance(MINUTE_MS);
    expect(await catalog.knowing(before, { owner_id: 3 })).toBe(before);
    expect(source.reads).toBe(1);
    const after = await catalog.knowing(before, { owner_id: 4 });
    expect(after.fields.get('owner_id')?.options.get('4')?.label).toBe('option 4');
    // A caller that still holds the old schema gets the new one without another read.
    expect(await catalog.knowing(before, { owner_id: 4 })).toBe(after);
    expect(source.reads).toBe(2);
  });

  it('reads them again for a field that was added since', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    const before = await incident();
    const added = { id: 8, name: 'added', input_type: 'select', prefix: 'properties', values: [option(70)] };
    const type = incidentType(3);
    source.types = [{ ...type, fields: [...Object.values(type.fields ?? {}), added] }, table];
    await clock.advance(MINUTE_MS);
    const after = await catalog.knowing(before, { properties: { risk: 7, added: 70 } });
    expect(after.fields.get('added')?.options.get('70')?.label).toBe('option 70');
  });

  it('asks but once in ten minutes for an option that is gone for good', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    await incident();
    for (let minute = 0; minute < 9; minute += 1) {
      await clock.advance(MINUTE_MS);
      await catalog.knowing(await incident(), { owner_id: 99 });
    }
    expect(source.reads).toBe(2);
    await catalog.knowing(await incident(), { owner_id: 98 });
    expect(source.reads).toBe(3);
  });

  it('asks at once for what was added right after the last reading, and not for ever at once', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    const schema = await incident();
    source.types = [incidentType(3, 4), table];
    const after = await catalog.knowing(schema, { owner_id: 4 });
    expect(after.fields.get('owner_id')?.options.has('4')).toBe(true);
    for (let id = 100; id < 200; id += 1) await catalog.knowing(schema, { owner_id: id });
    expect(source.reads).toBe(1 + 10);
    await clock.advance(5_000);
    for (let id = 150; id < 200; id += 1) await catalog.knowing(schema, { owner_id: id });
    expect(source.reads).toBe(1 + 10 + 1);
  });

  it('does not trust a reading that began before it was asked', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    const schema = await incident();
    await clock.advance(11 * MINUTE_MS);
    // Begins the reading in the background.
    await incident();
    source.types = [incidentType(3, 4), table];
    const after = await catalog.knowing(schema, { owner_id: 4 });
    expect(after.fields.get('owner_id')?.options.has('4')).toBe(true);
  });

  it('goes on with what it has while the source is away, and asks later', async () => {
    const { catalog, clock, source, incident } = changing(incidentType(3));
    const schema = await incident();
    await clock.advance(MINUTE_MS);
    source.away = true;
    expect(await catalog.knowing(schema, { owner_id: 4 })).toBe(schema);
    source.away = false;
    source.types = [incidentType(3, 4), table];
    const after = await catalog.knowing(schema, { owner_id: 4 });
    expect(after.fields.get('owner_id')?.options.has('4')).toBe(true);
  });
});

describe('TypeCatalog', () => {
  it('reads the types anew in the background once they are ten minutes old, and serves the old ones meanwhile', async () => {
    const { clock, source, incident } = changing(incidentType(3));
    await incident();
    source.types = [incidentType(3, 4), table];
    await clock.advance(10 * MINUTE_MS);
    await incident();
    expect(source.reads).toBe(1);
    await clock.advance(1);
    expect((await incident()).fields.get('owner_id')?.options.has('4')).toBe(false);
    expect((await incident()).fields.get('owner_id')?.options.has('4')).toBe(true);
    expect(source.reads).toBe(2);
  });

  it('serves the last ones for as long as they cannot be read again, asks now and then, and says so once', async () => {
    const clock = fakeClock();
    const log = recordingLogger();
    let reads = 0;
    const answers: { now: () => Iterable<TypeDescription> } = { now: () => [incidentType(3), table] };
    const catalog = new TypeCatalog(async () => ((reads += 1), answers.now()), clock, log);
    await catalog.all();
    const away: readonly (() => Iterable<TypeDescription>)[] = [
      () => {
        throw new SoarApiError('no types', { code: 'not-found', status: 404, retryable: false });
      },
      () => [],
      () => Object.values({ success: false, message: 'no' }) as never,
      () => [table],
      () => [null, { type_name: 'incident' }] as never,
    ];
    for (const answer of away) {
      answers.now = answer;
      for (let minute = 0; minute < 20; minute += 1) {
        await clock.advance(MINUTE_MS);
        for (let time = 0; time < 3; time += 1) expect(await catalog.named('incident')).toBeDefined();
        await catalog.refresh();
      }
    }
    expect(reads).toBeGreaterThan(20);
    expect(reads).toBeLessThanOrEqual(1 + 5 * 20 * 2);
    expect(log.of('warn')).toEqual([
      expect.stringMatching(/^The types of the source cannot be read: no types Those of/),
    ]);
    answers.now = () => [incidentType(3, 4), table];
    await clock.advance(MINUTE_MS);
    await catalog.refresh();
    expect((await catalog.named('incident'))?.fields.get('owner_id')?.options.has('4')).toBe(true);
    expect(log.of('info')).toHaveLength(1);
  });

  it('does not know that there is no such type while the types cannot be read', async () => {
    const { catalog, clock, source } = changing(incidentType(3));
    await catalog.all();
    await clock.advance(MINUTE_MS);
    source.away = true;
    for (const look of [() => catalog.named('new'), () => catalog.numbered(1009), () => catalog.labelled('New')])
      await expect(look()).rejects.toMatchObject({ kind: 'unavailable', code: 'types-unreadable' });
    source.away = false;
    expect(await catalog.named('new')).toBeUndefined();
  });

  it('finds a type and a field that were added right after the last reading', async () => {
    const { catalog, source, incident } = changing(incidentType(3));
    source.types = [incidentType(3)];
    await incident();
    source.types = [incidentType(3), table];
    expect(await catalog.numbered(1001)).toMatchObject({ name: 'hosts' });
    for (let time = 0; time < 20; time += 1) await catalog.numbered(1002);
    expect(source.reads).toBe(3);
    source.types = [incidentType(3, 4), table];
    for (let time = 0; time < 20; time += 1) await catalog.refresh(['incident.gone_for_good']);
    expect(source.reads).toBe(4);
    expect((await incident()).fields.get('owner_id')?.options.has('4')).toBe(true);
  });

  it('costs an odd type only itself', async () => {
    const catalog = new TypeCatalog(async () => [null, 7, { id: 'x' }, incidentType(3)] as never, fakeClock());
    expect((await catalog.all()).map(({ name }) => name)).toEqual(['incident']);
  });
});
