import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { SimulatorFacts } from './simulatorProcess.js';

/**
 * Writes per second of this many bare loops that do nothing but send: the most that this machine allows any sender. All are notes
 * of one incident, so that the host finds nothing else in the target that its account may have made.
 */
export async function bareWrites(facts: SimulatorFacts, concurrency: number, forMs = 3_000): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency, ca: readFileSync(facts.caFile) });
  const { id } = await write(facts, agent, 'incidents', { name: 'Bare writes', discovered_date: 1_700_000_000_000 });
  const note = { text: { format: 'text', content: 'A bare write' } };
  const startedAt = performance.now();
  let writes = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      await write(facts, agent, `incidents/${id}/comments`, note);
      writes += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return writes / seconds;
}

function write(
  { restPort }: SimulatorFacts,
  agent: Agent,
  path: string,
  object: object,
): Promise<{ readonly id: number }> {
  const body = JSON.stringify(object);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ agent, host: '127.0.0.1', port: restPort, method: 'POST', path: `/rest/orgs/202/${path}` },
        auth: 'key-202:secret-202',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          if (answer.statusCode === 200)
            resolve(JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: number });
          else reject(new Error(`The simulator answered ${answer.statusCode}.`));
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
