import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * A client that shares nothing with the broker's codec: it writes text as a test spells it and cuts answers at NUL, so a
 * misreading of the protocol cannot hide on both sides.
 */
export class RawClient {
  readonly frames: RawFrame[] = [];
  /** Line ends received between frames. */
  beats = 0;
  closed = false;
  private pending = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => undefined);
  }

  static async open(port: number, ca?: string): Promise<RawClient> {
    const socket = ca ? connectTls({ host: '127.0.0.1', port, ca }) : connectTcp({ host: '127.0.0.1', port });
    const client = new RawClient(socket);
    await new Promise((resolve, reject) => {
      socket.once(ca ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  static async login(port: number, headers = 'accept-version:1.2\n', ca?: string): Promise<RawClient> {
    const client = await RawClient.open(port, ca);
    client.write(`CONNECT\nlogin:key\npasscode:secret\n${headers}\n\0`);
    await client.next('CONNECTED');
    return client;
  }

  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  subscribe(queue: string, prefetch = 10): void {
    this.write(
      `SUBSCRIBE\nid:sub-${queue}\ndestination:${queue}\nack:client-individual\nactivemq.prefetchSize:${prefetch}\n\n\0`,
    );
  }

  ack(frame: RawFrame): void {
    this.write(`ACK\nid:${frame.headers['ack']?.replaceAll(':', '\\c')}\n\n\0`);
  }

  /** Takes the oldest frame of this command, waiting for it. */
  async next(command: string, timeoutMs = 10_000): Promise<RawFrame> {
    await until(() => this.frames.some((frame) => frame.command === command) || this.closed, timeoutMs, command);
    const at = this.frames.findIndex((frame) => frame.command === command);
    const [frame] = at < 0 ? [] : this.frames.splice(at, 1);
    if (!frame) throw new Error(`Closed before a ${command} frame; got ${JSON.stringify(this.frames)}`);
    return frame;
  }

  /** Resolves when everything written so far has been handled. */
  async roundTrip(): Promise<void> {
    this.write('SEND\ndestination:acks.201.feed_data\nreceipt:round-trip\n\nping\0');
    await this.next('RECEIPT');
  }

  destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      while (this.pending[0] === 10) {
        this.beats += 1;
        this.pending = this.pending.subarray(1);
      }
      const headEnd = this.pending.indexOf('\n\n');
      if (headEnd < 0) return;
      const length = /\ncontent-length:(\d+)/.exec(this.pending.toString('utf8', 0, headEnd))?.[1];
      const end = length === undefined ? this.pending.indexOf(0, headEnd) : headEnd + 2 + Number(length);
      if (end < 0 || this.pending.length <= end) return;
      const [command = '', ...lines] = this.pending.toString('utf8', 0, headEnd).split('\n');
      const headers = Object.fromEntries(lines.map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1)]));
      const raw = headers as Record<string, string>;
      for (const name of ['ack', 'message-id']) {
        if (raw[name] !== undefined) raw[name] = raw[name].replaceAll('\\c', ':');
      }
      this.frames.push({ command, headers: raw, body: Buffer.from(this.pending.subarray(headEnd + 2, end)) });
      this.pending = this.pending.subarray(end + 1);
    }
  }
}

export interface RawFrame {
  readonly command: string;
  /** Still escaped, except `ack` and `message-id`. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export async function until(condition: () => boolean, timeoutMs = 10_000, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
