import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A proxy as companies have them: opens tunnels (CONNECT), passes plain requests on, and may want a login. */
export class HttpProxy {
  /** What it was asked for: `CONNECT host:port`, or a method and an address. */
  readonly asked: string[] = [];
  /** All that it could read of what it passed on. */
  seen = '';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly login: string | undefined,
  ) {
    server.on('connect', (request, socket, head) => this.tunnel(request, socket as Socket, head));
    server.on('request', (request, response) => this.pass(request, response));
    server.on('connection', (socket) => this.sockets.add(socket));
  }

  /** `login`: `user:password`. */
  static async start(login?: string): Promise<HttpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HttpProxy(server, (server.address() as AddressInfo).port, login);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private isWelcome({ headers }: IncomingMessage): boolean {
    if (this.login === undefined) return true;
    return headers['proxy-authorization'] === `Basic ${Buffer.from(this.login).toString('base64')}`;
  }

  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.asked.push(`CONNECT ${request.url ?? ''}`);
    if (!this.isWelcome(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(request.url ?? '') ?? [];
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.on('data', (bytes: Buffer) => this.read(bytes));
      pipeline(socket, onward, () => undefined);
      pipeline(onward, socket, () => undefined);
    });
    this.sockets.add(onward);
    onward.on('error', () => socket.destroy());
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    this.asked.push(`${method ?? ''} ${url}`);
    if (!this.isWelcome(request)) return void response.writeHead(407).end();
    const { 'proxy-authorization': _login, ...others } = headers;
    this.read(Buffer.from(JSON.stringify(others)));
    const onward = httpRequest(url, { method, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.on('data', (bytes: Buffer) => this.read(bytes));
    request.pipe(onward);
  }

  private read(bytes: Buffer): void {
    this.seen += bytes.toString('latin1');
  }
}
