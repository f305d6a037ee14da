import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { startSimulator } from '../../src/index.js';
import type { Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import type { Json } from '../helpers/RestClient.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

describe('sessions', () => {
  let simulator: Simulator;
  let clock = 1_700_000_000_000;
  beforeAll(async () => {
    const closed = { ...targetOrg, id: 203, name: 'Closed', enabled: false };
    simulator = await startSimulator({ orgs: [sourceOrg, targetOrg, closed], tls: false, now: () => clock });
  });
  afterAll(() => simulator.stop());

  const post = async (body: unknown) => {
    const response = await fetch(`${simulator.restUrl}/rest/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      cookie: response.headers.get('set-cookie'),
      body: (await response.json()) as Json,
    };
  };
  const incidents = async (headers: Record<string, string>) =>
    (await fetch(`${simulator.restUrl}/rest/orgs/201/incidents`, { headers })).status;

  it('answers an API key with its org and no user', async () => {
    const body = await new RestClient(simulator.restUrl, 202).ok('GET', '/rest/session');
    expect(body).toMatchObject({ orgs: [{ id: 202, name: 'Target', enabled: true }], client_id: 'key-202' });
    expect(body).not.toHaveProperty('user_id');
    expect(body).not.toHaveProperty('csrf_token');
  });

  it('opens an e-mail session for every org that knows the user, a disabled one marked', async () => {
    const { status, body } = await post({ email: 'ada@example.com', password: 'pw' });
    expect(status).toBe(200);
    expect(body.orgs.map((org: { name: string; enabled: boolean }) => [org.name, org.enabled])).toEqual([
      ['Source', true],
      ['Target', true],
      ['Closed', false],
    ]);
  });

  it('refuses a wrong password and a wrong key with 401 and the platform error body', async () => {
    expect(await post({ email: 'ada@example.com', password: 'no' })).toMatchObject({
      status: 401,
      body: { success: false, title: null, hints: [], error_code: 'generic' },
    });
    const stranger = new RestClient(simulator.restUrl, 201, { keyId: 'key-201', secret: 'no' });
    expect((await stranger.send('GET', '/incidents')).status).toBe(401);
  });

  it('answers 403 for an org the key does not belong to, and for a disabled one', async () => {
    const key = { keyId: 'key-202', secret: 'secret-202' };
    expect((await new RestClient(simulator.restUrl, 201, key).send('GET', '/incidents')).status).toBe(403);
    expect((await new RestClient(simulator.restUrl, 203).send('GET', '/incidents')).status).toBe(403);
  });

  it('wants cookie and csrf token together, and ends sessions by time and on demand', async () => {
    const login = async () => {
      const { cookie, body } = await post({ email: 'bob@example.com', password: 'pw' });
      return { cookie: String(cookie).split(';')[0] ?? '', 'x-sess-id': String(body.csrf_token) };
    };
    const session = await login();
    expect(await incidents(session)).toBe(200);
    expect(await incidents({ cookie: session.cookie })).toBe(401);
    clock += 1201 * 1000;
    expect(await incidents(session)).toBe(401);
    const second = await login();
    expect(await incidents(second)).toBe(200);
    simulator.org('Source').expireSessions();
    expect(await incidents(second)).toBe(401);
  });

  it('serves TLS that verifies with the CA file alone', async () => {
    const secure = await startSimulator({ orgs: [sourceOrg] });
    try {
      const status = await new Promise((resolve, reject) => {
        request(
          `${secure.restUrl}/rest/const`,
          { ca: readFileSync(secure.caFile), auth: 'key-201:secret-201', agent: false },
          (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode));
          },
        )
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
    } finally {
      await secure.stop();
    }
  });
});
