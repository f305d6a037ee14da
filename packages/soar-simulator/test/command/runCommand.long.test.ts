import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ConnectionFacts } from '../../src/command/connectionFacts.js';
import { readArguments } from '../../src/command/readArguments.js';
import { runCommand } from '../../src/command/runCommand.js';
import { RawClient } from '../stomp/RawClient.js';

jest.setTimeout(60_000); // much work for a busy machine

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soar-simulator-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command until `use` is done with what it printed first. */
async function running(argv: string[], use: (printed: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let printed: (line: string) => void = () => undefined;
  const first = new Promise<string>((resolve) => (printed = resolve));
  const ended = runCommand(argv, { print: printed, signal: stop.signal });
  try {
    await Promise.race([first.then(use), ended.then(() => Promise.reject(new Error('It ended by itself')))]);
  } finally {
    stop.abort();
    await ended;
  }
}

function get(facts: ConnectionFacts, path: string, ca: string): Promise<{ status: number | undefined; body: string }> {
  const [org] = facts.orgs;
  return new Promise((resolve, reject) => {
    const auth = `${org?.apiKeyId}:${org?.apiKeySecret}`;
    request(`${facts.restUrl}/rest${path}`, { ca, auth, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

const anyPorts = ['--rest-port', '0', '--stomp-port', '0'];

describe('soar-simulator', () => {
  it('prints JSON facts with which one can connect, and sends the messages of its workload', async () => {
    const argv = [...anyPorts, '--json', '--incidents', '3', '--workload', '50', '--cert-dir', folder];
    await running(argv, async (line) => {
      const facts = JSON.parse(line) as ConnectionFacts;
      expect(facts.orgs.map(({ id, incidents }) => ({ id, incidents }))).toEqual([
        { id: 201, incidents: 3 },
        { id: 202, incidents: 0 },
      ]);
      const ca = await readFile(facts.caFile, 'utf8');
      const { status, body } = await get(facts, '/session', ca);
      expect(status).toBe(200);
      expect(body).toContain('Source Organization');

      const client = await RawClient.open(facts.stompPort, ca);
      const [org] = facts.orgs;
      client.write(`CONNECT\nlogin:${org?.apiKeyId}\npasscode:${org?.apiKeySecret}\naccept-version:1.2\n\n\0`);
      await client.next('CONNECTED');
      client.subscribe(org?.queue ?? '');
      const message = JSON.parse((await client.next('MESSAGE')).body.toString()) as Record<string, unknown>;
      client.destroy();
      expect(['created', 'modified', 'deleted']).toContain(message['operation_type']);
    });
  });

  it('tells people how to connect, with the orgs of a file', async () => {
    const file = join(folder, 'orgs.json');
    await writeFile(
      file,
      JSON.stringify([{ id: 7, name: 'Mine', apiKeys: [{ keyId: 'k', secret: 's' }], feedQueue: 'q' }]),
    );
    await running([...anyPorts, '--no-tls', '--orgs', file, '--incidents', '0'], (text) => {
      expect(text).toMatch(/^REST {3}http:\/\/127\.0\.0\.1:\d+\/rest\n/);
      expect(text).toContain('Mine (id 7), 0 incidents, queue actions.7.q');
      expect(text).toContain('org=Mine\n  api_key_id=k\n  api_key_secret=s');
      expect(text).not.toContain('cafile');
      return Promise.resolve();
    });
  });

  it('fails when a port is taken, and leaves nothing running', async () => {
    await running([...anyPorts, '--json', '--incidents', '0'], async (line) => {
      const { restPort } = JSON.parse(line) as ConnectionFacts;
      const again = runCommand(['--rest-port', String(restPort), '--stomp-port', '0', '--incidents', '0'], {
        print: () => undefined,
        signal: new AbortController().signal,
      });
      await expect(again).rejects.toThrow('EADDRINUSE');
    });
  });

  it('teaches with its help', async () => {
    const shown: string[] = [];
    expect(await readArguments(['--help'], (text) => shown.push(text))).toBeUndefined();
    expect(shown.join()).toMatch(/Examples:[\s\S]*--cert-dir/);
  });

  it.each([
    [['--incidents', 'many'], /--incidents: must be a whole number/],
    [['--incidents', '-1'], /--incidents: must be a whole number/],
    [['--rest-port', '70000'], /--rest-port: must be a number from 0 to 65535/],
    [['--files', '2'], /--files: must be a number from 0 to 1/],
    [['--workload', 'fast'], /--workload/],
    [['--orgs', '/nowhere.json'], /--orgs: \/nowhere.json cannot be read/],
    [['--nonsense'], /Unknown argument/],
  ])('refuses %j', async (argv, reason) => {
    await expect(readArguments(argv, () => undefined)).rejects.toThrow(reason);
  });

  it('refuses an orgs file of another shape, and reads the passcode from the environment', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '[{"name":"no id"}]');
    await expect(readArguments(['--orgs', file], () => undefined)).rejects.toThrow('must hold a JSON list of orgs');
    const argv = ['--broker-url', 'stomp://mq:61613', '--broker-login', 'admin'];
    const environment = { SOAR_SIMULATOR_BROKER_PASSCODE: 'hidden' };
    const given = await readArguments(argv, () => undefined, environment);
    expect(given?.broker).toEqual({ url: 'stomp://mq:61613', login: 'admin', passcode: 'hidden' });
  });
});
