import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../src/tls/makeCertificate.js';

const home = '/usr/share/activemq'; // Debian's package `activemq`
export const hasActiveMq = existsSync(join(home, 'lib', 'activemq-broker.jar'));

/** A private ActiveMQ with persistent queues and one STOMP over TLS connector, in a process of its own. */
export class ActiveMqService {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    readonly caFile: string,
  ) {}

  get url(): string {
    return `stomp+ssl://localhost:${this.port}`;
  }

  static async start(): Promise<ActiveMqService> {
    const folder = await mkdtemp(join(tmpdir(), 'soar-simulator-amq-'));
    const { caFile } = await makeCertificate(folder);
    const [key, cert, store] = ['server.key.pem', 'server.pem', 'server.p12'].map((name) => join(folder, name));
    execFileSync('openssl', [
      ...['pkcs12', '-export', '-inkey', `${key}`, '-in', `${cert}`, '-out', `${store}`, '-passout', 'pass:secret'],
    ]);
    const port = await freePort();
    await writeFile(join(folder, 'activemq.xml'), configuration(folder, port));
    const service = new ActiveMqService(folder, port, caFile);
    await service.up();
    return service;
  }

  async up(): Promise<void> {
    const libraries = ['lib/*', 'lib/optional/*'].map((part) => join(home, part)).join(':');
    const config = `xbean:file:${join(this.folder, 'activemq.xml')}`;
    const start = ['-Xmx256M', '-cp', libraries, `-Dactivemq.home=${home}`, `-Dactivemq.base=${this.folder}`];
    this.process = spawn('java', [...start, 'org.apache.activemq.console.Main', 'start', config], { stdio: 'ignore' });
    const deadline = Date.now() + 60_000;
    while (!(await canConnect(this.port))) {
      if (Date.now() > deadline || this.process.exitCode !== null) throw new Error('ActiveMQ did not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** As a crash: what is not on disk is lost. */
  async kill(): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true });
  }
}

function configuration(folder: string, port: number): string {
  return `<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="test" useJmx="false" dataDirectory="${folder}/data">
    <persistenceAdapter><kahaDB directory="${folder}/data/kahadb"/></persistenceAdapter>
    <plugins><simpleAuthenticationPlugin><users>
      <authenticationUser username="key" password="secret" groups="admins"/>
    </users></simpleAuthenticationPlugin></plugins>
    <sslContext>
      <sslContext keyStore="file:${folder}/server.p12" keyStoreType="PKCS12" keyStorePassword="secret"/>
    </sslContext>
    <transportConnectors><transportConnector name="stomp" uri="stomp+ssl://127.0.0.1:${port}"/></transportConnectors>
  </broker>
</beans>
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
