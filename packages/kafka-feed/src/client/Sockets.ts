import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactoryArgs } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/**
 * Makes kafkajs's sockets as it would, and can end them all: kafkajs closes only after every request was answered, which
 * a silent broker never does.
 */
export class Sockets {
  private readonly open = new Set<Socket>();

  readonly make = ({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket => {
    const socket = ssl
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  endAll(): void {
    // With an error, which kafkajs listens to; it would not notice a mere close.
    for (const socket of this.open) socket.destroy(new Error('The client was closed.'));
  }
}
