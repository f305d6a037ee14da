import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import type { Answer, SoarRequest } from '../../src/index.js';
import { ScriptedServer } from '../support/ScriptedServer.js';

describe('an interceptor', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await ScriptedServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());

  const answer = (body: unknown): Answer => ({
    ...{ status: 200, headers: {}, cookies: [] },
    text: JSON.stringify(body),
    discard: () => undefined,
  });

  it('hears every request without credentials, and may answer or replace it', async () => {
    const heard: SoarRequest[] = [];
    const client = await SoarClient.connect(server.connection(), {
      intercept: (request, send) => {
        heard.push(request);
        if (request.effect === 'create') return Promise.resolve(answer({ id: 77 }));
        if (request.path.endsWith('/6')) return send({ ...request, path: request.path.replace(/6$/, '5') });
        return send();
      },
    });
    server.on('GET /rest/orgs/201/incidents/5', () => ({ id: 5, name: 'x', vers: 1 }));
    try {
      expect(await client.incidents.create({ name: 'New' })).toEqual({ id: 77 });
      expect(server.hits('POST /rest/orgs/201/incidents')).toHaveLength(0);
      expect(await client.incidents.get(5)).toMatchObject({ id: 5 });
      expect(await client.incidents.get(6)).toMatchObject({ id: 5 });
      expect(server.hits('GET /rest/orgs/201/incidents/5')).toHaveLength(2);
    } finally {
      await client.close();
    }
    expect(heard.map(({ method, effect }) => `${method} ${effect}`)).toEqual(
      expect.arrayContaining(['POST create', 'GET read']),
    );
    expect(heard.find(({ method }) => method === 'POST')?.body).toEqual({ name: 'New' });
    expect(JSON.stringify(heard)).not.toMatch(/authorization|secret/i);
  });
});
