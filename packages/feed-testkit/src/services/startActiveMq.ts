import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Debian's and Ubuntu's package `activemq` puts it. */
const HOME = '/usr/share/activemq';
const START_WITHIN_MS = 60_000;

export interface ActiveMqOptions {
  /** User name → password; each may read and write everything. */
  readonly users: Readonly<Record<string, string>>;
}

export interface ActiveMq {
  readonly url: string;
  /** On 127.0.0.1; it never changes. */
  readonly port: number;
  /** The certificate (PEM) that a client must trust; it names localhost and 127.0.0.1. */
  readonly caFile: string;
  /** Starts it again with its data. */
  start(): Promise<void>;
  /** Shuts it down cleanly, as a service manager does. */
  stop(): Promise<void>;
  /** Ends it as a crash does: what is not on disk is lost. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/** Whether the tests that need ActiveMQ can run here. */
export function hasActiveMq(): boolean {
  return existsSync(join(HOME, 'lib', 'activemq-broker.jar'));
}

/**
 * A real ActiveMQ that belongs to the test. It runs in its own process, speaks STOMP over TLS and keeps its data in a
 * temporary folder. Throws when it does not come up.
 */
export async function startActiveMq({ users }: ActiveMqOptions): Promise<ActiveMq> {
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-activemq-'));
  const caFile = writeCertificate(folder);
  const port = await freePort();
  writeFileSync(join(folder, 'activemq.xml'), brokerXml(folder, port, users));
  let broker: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const { exitCode, signalCode } = broker ?? {};
    if (broker === undefined || exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => broker?.once('exit', resolve));
    broker.kill(signal);
    await gone;
  };
  const service: ActiveMq = {
    url: `stomp+ssl://127.0.0.1:${port}`,
    port,
    caFile,
    async start() {
      await end('SIGKILL');
      broker = await launch(folder, port);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await service.start();
  return service;
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const libraries = ['lib/*', 'lib/optional/*'].map((part) => join(HOME, part)).join(':');
  const settings = [`-Dactivemq.home=${HOME}`, `-Dactivemq.base=${folder}`];
  const config = `xbean:file:${join(folder, 'activemq.xml')}`;
  const command = ['-Xmx256M', '-cp', libraries, ...settings, 'org.apache.activemq.console.Main', 'start', config];
  const broker = spawn('java', command);
  let output = '';
  for (const stream of [broker.stdout, broker.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  broker.once('error', (error) => (output += error.message));
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await listens(port))) {
    if (broker.pid === undefined || broker.exitCode !== null || Date.now() > deadline) {
      broker.kill('SIGKILL');
      throw new Error(`ActiveMQ did not start on port ${port}:\n${output}`);
    }
    await sleep(100);
  }
  return broker;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** ActiveMQ reads its key and certificate from a PKCS12 file. */
function writeCertificate(folder: string): string {
  const [key, cert, store] = ['key.pem', 'cert.pem', 'broker.p12'].map((name) => join(folder, name)) as Files;
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const request = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost'];
  openssl('req', ...request, '-addext', names, '-keyout', key, '-out', cert);
  openssl('pkcs12', '-export', '-inkey', key, '-in', cert, '-out', store, '-passout', 'pass:changeit');
  return cert;
}

type Files = [key: string, cert: string, store: string];

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
}

function brokerXml(folder: string, port: number, users: ActiveMqOptions['users']): string {
  const entries = Object.entries(users).map(
    ([name, password]) =>
      `<authenticationUser username="${escape(name)}" password="${escape(password)}" groups="users,admins"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
    http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="soar-feed-test" useJmx="false" dataDirectory="${folder}/data">
    <persistenceAdapter><kahaDB directory="${folder}/data/kahadb"/></persistenceAdapter>
    <plugins><simpleAuthenticationPlugin><users>${entries.join('')}</users></simpleAuthenticationPlugin></plugins>
    <sslContext>
      <sslContext keyStore="file:${folder}/broker.p12" keyStorePassword="changeit" keyStoreType="PKCS12"/>
    </sslContext>
    <transportConnectors><transportConnector name="stomp+ssl" uri="stomp+ssl://127.0.0.1:${port}"/></transportConnectors>
  </broker>
</beans>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
