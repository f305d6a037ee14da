import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CheckLine } from '../../../src/host/check/CheckLine.js';
import { checkSource, checkTypes } from '../../../src/host/check/checkSource.js';
import { systemClock } from '../../../src/host/systemClock.js';
import { TypeCatalog } from '../../../src/shape/TypeCatalog.js';
import { AS_ADA, CheckBench, linesOf } from './checkBench.js';

jest.setTimeout(60_000);

let bench: CheckBench;
beforeAll(async () => {
  bench = await CheckBench.start();
});
afterEach(() => bench.simulator.faults.clear());
afterAll(() => bench.stop());

type Keys = Readonly<Record<string, string | undefined>>;

describe('checkSource', () => {
  async function check(resilient: Keys = {}): Promise<{ readonly line: CheckLine; readonly isOpen: boolean }> {
    const { client, line } = await checkSource(await bench.prepared(resilient), undefined);
    await client?.close();
    return { line, isOpen: client !== undefined };
  }

  it('says who we are there', async () => {
    const { host } = bench.simulator;
    expect(await check()).toEqual({
      ...{ isOpen: true },
      line: { subject: 'source', state: 'ok', detail: `Acme (id 201) on ${host} as API key key-201` },
    });
    expect((await check(AS_ADA)).line.detail).toBe(`Acme (id 201) on ${host} as user ada@example.com`);
  });

  it.each([
    [{ api_key_secret: 'wrong' }, 'unauthorized', '[resilient] api_key_id, api_key_secret: ', 'API key and its secret'],
    [{ ...AS_ADA, password: 'wrong' }, 'unauthorized', '[resilient] email, password: ', 'e-mail and password'],
    [{ org: 'Acne' }, 'org-not-found', '[resilient] org: ', undefined],
    [{ cafile: undefined }, 'untrusted-certificate', '[resilient] cafile: ', undefined],
    [{ cafile: '/no/such.pem' }, 'file-unreadable', '[resilient] cafile: ', undefined],
    [{ port: '1' }, 'connection-refused', '[resilient] host, port: ', 'the server is up'],
    [{ host: 'no.such.invalid' }, 'host-not-found', '[resilient] host: ', 'the name server'],
  ])('tells what is wrong with %j', async (keys, code, place, advice) => {
    const { line, isOpen } = await check({ ...keys, request_max_retries: '0' });
    expect(isOpen).toBe(false);
    expect(line).toMatchObject({ subject: 'source', state: 'fail', code });
    expect(line.detail.startsWith(place)).toBe(true);
    if (advice === undefined) expect(line.advice).toBeUndefined();
    else expect(line.advice).toContain(advice);
  });
});

describe('checkTypes', () => {
  async function check(feeds: Keys = {}): Promise<readonly CheckLine[]> {
    const prepared = await bench.prepared({}, feeds);
    const client = await bench.client(prepared);
    const catalog = new TypeCatalog(async () => Object.values(await client.types.all()), systemClock);
    return linesOf(checkTypes(catalog, client, prepared));
  }

  it('counts the types and the tables among them', async () => {
    const [line, ...others] = await check();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ subject: 'types', state: 'ok' });
    expect(line?.detail).toMatch(/^\d+ types, 1 of them data tables$/);
  });

  it('warns of each name that is none, with its key and the likely one', async () => {
    const lines = await check({ workspaces: '"Default Workspace": ["one"]', reload_types: 'inciden,note,hots' });
    expect(lines.every(({ subject, state }) => subject === 'types' && state === 'warn')).toBe(true);
    expect(lines.map(({ detail }) => detail)).toEqual([
      '[feeds] workspaces: names the workspace "Default Workspace", which the organization does not have; did you mean "Default workspace"?; so nothing is fed',
      '[feeds] reload_types: names the type "inciden", which the organization does not have; did you mean "incident"?',
      '[feeds] reload_types: names the type "hots", which the organization does not have; did you mean "hosts"?',
    ]);
  });

  it('fails where the types cannot be read', async () => {
    bench.simulator.faults.add({ path: '/types', status: 403 });
    const [line, ...others] = await check();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ subject: 'types', state: 'fail' });
    expect(line?.detail).toContain('403');
  });
});
