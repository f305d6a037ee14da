import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import { ScriptedServer } from '../support/ScriptedServer.js';

const INCIDENT = 'GET /rest/orgs/201/incidents/5';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let server: ScriptedServer;
let client: SoarClient;

beforeAll(async () => {
  server = await ScriptedServer.start();
  client = await SoarClient.connect(server.connection());
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

it('an answer that was read is forgotten, though its line stays open for further requests', async () => {
  let inTurn = 0;
  let letGo: () => void = () => undefined;
  const allThere = new Promise<void>((resolve) => (letGo = resolve));
  // Several at once, so that each opens a connection of its own.
  server.on(INCIDENT, async () => {
    if ((inTurn += 1) === 4) letGo();
    await allThere;
    return { id: 5, name: 'x'.repeat(100), vers: 1 };
  });
  const signals: WeakRef<AbortSignal>[] = [];
  const read = async (): Promise<void> => {
    const { signal } = new AbortController();
    signals.push(new WeakRef(signal));
    await client.incidents.get(5, { signal });
  };
  await Promise.all([read(), read(), read(), read()]);
  for (let turn = 0; turn < 3; turn += 1) {
    for (let at = 0; at < 10; at += 1) await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  expect(signals.filter((signal) => signal.deref() !== undefined)).toHaveLength(0);
});
