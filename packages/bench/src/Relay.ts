import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A port of its own in front of a server, so that one feed finds nobody there while others still reach the server. */
export class Relay {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async before(port: number): Promise<Relay> {
    const relay = new Relay(createServer((socket) => relay.join(socket, connect(port, '127.0.0.1'))));
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on connections are refused. */
  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(...[one, other]: readonly [Socket, Socket]): void {
    one.pipe(other).pipe(one);
    for (const [socket, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        peer.destroy();
      });
    }
  }
}
