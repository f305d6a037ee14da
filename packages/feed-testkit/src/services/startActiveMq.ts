import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Debian's and Ubuntu's package `activemq` puts it. */
const JAR = '/usr/share/activemq/bin/activemq.jar';
const START_WITHIN_MS = 60_000;

export interface ActiveMqOptions {
  readonly port: number;
  /** PEM files; the connector speaks STOMP over TLS. */
  readonly tls: { readonly keyFile: string; readonly certFile: string };
  /** User name → password; each may read and write everything. */
  readonly users: Readonly<Record<string, string>>;
}

export interface ActiveMq {
  readonly url: string;
  /** Kills the process without warning; persistent messages stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether the tests that need ActiveMQ can run here. */
export function hasActiveMq(): boolean {
  return existsSync(JAR);
}

/** A real ActiveMQ as a process of its own, with its data in a temporary folder. Throws when it does not come up. */
export async function startActiveMq(options: ActiveMqOptions): Promise<ActiveMq> {
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-activemq-'));
  writeKeyStore(folder, options.tls);
  writeFileSync(join(folder, 'activemq.xml'), brokerXml(folder, options));
  let broker = await launch(folder, options.port);
  const kill = async (): Promise<void> => {
    if (broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = new Promise((resolve) => broker.once('exit', resolve));
    broker.kill('SIGKILL');
    await gone;
  };
  return {
    url: `stomp+ssl://127.0.0.1:${options.port}`,
    kill,
    async restart() {
      await kill();
      rmSync(join(folder, 'data', 'kahadb', 'lock'), { force: true });
      broker = await launch(folder, options.port);
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = { home: '/usr/share/activemq', base: folder, conf: folder, data: join(folder, 'data') };
  const flags = Object.entries(settings).map(([name, value]) => `-Dactivemq.${name}=${value}`);
  const broker = spawn('java', [
    '-Xmx512m',
    ...flags,
    '-jar',
    JAR,
    'start',
    `xbean:file:${join(folder, 'activemq.xml')}`,
  ]);
  let output = '';
  for (const stream of [broker.stdout, broker.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await listens(port))) {
    if (broker.exitCode !== null || Date.now() > deadline) {
      broker.kill('SIGKILL');
      throw new Error(`ActiveMQ did not start on port ${port}:\n${output}`);
    }
    await sleep(100);
  }
  return broker;
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

/** ActiveMQ reads its certificate from a PKCS12 file. */
function writeKeyStore(folder: string, { keyFile, certFile }: ActiveMqOptions['tls']): void {
  const file = join(folder, 'broker.p12');
  const args = ['pkcs12', '-export', '-inkey', keyFile, '-in', certFile, '-out', file, '-passout', 'pass:changeit'];
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl could not write ${file}: ${stderr}`);
}

function brokerXml(folder: string, { port, users }: ActiveMqOptions): string {
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
    <transportConnectors>
      <transportConnector name="stomp+ssl" uri="stomp+ssl://127.0.0.1:${port}?transport.enabledProtocols=TLSv1.2,TLSv1.3"/>
    </transportConnectors>
  </broker>
</beans>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
