/**
 * A process that answers as Elasticsearch's bulk API or Splunk's event collector do, as quickly as it can, but not sooner than a
 * server that stores what it gets. It keeps nothing. Prints its port.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How much later it answers, ms. */
export const RTT_MS = 2;

export interface Answerer {
  readonly port: number;
  stop(): void;
}

export async function startAnswerer(kind: 'search' | 'splunk'): Promise<Answerer> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { port: Number(port), stop: () => void child.kill('SIGKILL') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = process.argv[2] === 'splunk' ? answerSplunk : answerSearch;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { status, json } = answer(request, body);
      setTimeout(() => response.writeHead(status, { 'content-type': 'application/json' }).end(json), RTT_MS);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}

interface Said {
  readonly status: number;
  readonly json: string;
}

function answerSearch({ method, url = '' }: IncomingMessage, body: Buffer): Said {
  const ok = (value: object): Said => ({ status: 200, json: JSON.stringify(value) });
  if (url === '/') return ok({ version: { number: '2.19.0', distribution: 'opensearch' } });
  if (url.startsWith('/_bulk')) {
    const lines = body.toString().split('\n').length - 1;
    const item = { index: { status: 201, result: 'created' } };
    return ok({ errors: false, items: Array.from({ length: lines / 2 }, () => item) });
  }
  if (url.startsWith('/_mget')) {
    const { docs } = JSON.parse(body.toString()) as { docs: readonly object[] };
    return ok({ docs: docs.map((doc) => ({ ...doc, found: false })) });
  }
  return method === 'GET' ? { status: 404, json: '{}' } : ok({ acknowledged: true });
}

function answerSplunk(_request: IncomingMessage, body: Buffer): Said {
  if (body.length === 0) return { status: 400, json: '{"text":"No data","code":5}' };
  return { status: 200, json: '{"text":"Success","code":0}' };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
