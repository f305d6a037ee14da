import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Stands before a real server, so that a test can cut the way to it. */
export class Relay {
  /** Nothing that the server says gets through. */
  mute = false;
  /** Called with the bytes that the client has sent so far. */
  onSent: (bytes: number) => void = () => undefined;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];
  private server: Server | undefined;
  private port = 0;
  private sent = 0;

  constructor(private readonly to: { readonly host: string; readonly port: number }) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((client) => {
      const upstream = connect(this.to);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.once('close', () => {
          this.sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.on('data', (bytes) => {
        upstream.write(bytes);
        this.sent += bytes.length;
        this.onSent(this.sent);
        for (const wake of this.waiting.splice(0)) wake();
      });
      upstream.on('data', (bytes) => void (this.mute || client.write(bytes)));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
