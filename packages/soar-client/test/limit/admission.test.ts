import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import type { Admission } from '../../src/index.js';
import { ScriptedServer } from '../support/ScriptedServer.js';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());

it('may keep a request back at the last moment, once all that it needs is at hand', async () => {
  const told: string[] = [];
  const refusal = new Error('another host has taken over');
  const admission: Admission = {
    enter: async ({ effect }) => ({
      sending: async () => {
        if (effect !== 'create') return;
        told.push('sending');
        throw refusal;
      },
      answered: () => void told.push(`answered a ${effect}`),
      failed: (error) => void told.push(error === refusal ? 'refused' : 'failed'),
    }),
  };
  const client = await SoarClient.connect(server.connection(), { admission });
  told.length = 0;
  const open = () => {
    told.push('opened');
    return Promise.resolve(Readable.from(['bytes']));
  };
  const file = { name: 'a.log', size: 5, open };
  await expect(client.attachments.create({ incidentId: 5 }, file)).rejects.toBe(refusal);
  expect(told).toEqual(['opened', 'sending', 'refused']);
  expect(server.hits('POST /rest/orgs/201/incidents/5/attachments')).toHaveLength(0);
  await client.close();
});
