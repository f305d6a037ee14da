import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { makeTestCertificate } from './certificate.js';

export interface ScriptedBroker {
  readonly port: number;
  readonly cafile: string;
  sessions(): number;
  /** Everything that clients wrote. */
  heard(): string;
  /** Cuts every connection; new ones are accepted. */
  drop(): void;
  stop(): Promise<void>;
}

/** A TLS server that answers the frames of its n-th session, one by one, with what a test prescribed. */
export async function scriptedBroker(answersOf: (session: number) => string[]): Promise<ScriptedBroker> {
  const certificate = await makeTestCertificate();
  const sockets: TLSSocket[] = [];
  let heard = '';
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (socket) => {
    sockets.push(socket);
    const answers = answersOf(sockets.length);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard += data.toString();
      const answer = answers.shift();
      if (answer !== undefined) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cafile: certificate.cafile,
    sessions: () => sockets.length,
    heard: () => heard,
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await certificate.remove();
    },
  };
}
