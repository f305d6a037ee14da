import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Frame } from './Frame.js';
import { FrameParser } from './FrameParser.js';
import { heartBeat, writeFrame } from './writeFrame.js';
import type { BrokerAddress } from './readBrokerUrl.js';

export interface StompClientOptions extends BrokerAddress {
  readonly login: string;
  readonly passcode: string;
  readonly caFile?: string;
  onFrame(frame: Frame): void;
  /** Called once, whichever side ended the connection. */
  onClose(): void;
}

/** One connection to a STOMP 1.2 broker; it does not reconnect. */
export class StompClient {
  private beat: NodeJS.Timeout | undefined;

  private constructor(private readonly socket: Socket) {}

  /**
   * @throws Error with the broker's words if it refuses the login, or with the cause if it is not reached within 10 s
   */
  static connect(options: StompClientOptions): Promise<StompClient> {
    const { host, port } = options;
    const socket = options.tls
      ? connectTls({ host, port, ...(options.caFile ? { ca: readFileSync(options.caFile) } : {}) })
      : connectTcp({ host, port });
    const client = new StompClient(socket);
    return new Promise((resolve, reject) => {
      const where = `Broker ${host}:${port}`;
      const fail = (reason: string, cause?: Error) => {
        socket.destroy();
        reject(new Error(`${where}: ${reason}`, { cause }));
      };
      const parser = new FrameParser();
      let connected = false;
      let heardMs = Date.now();
      const receive = (frame: Frame) => {
        if (connected) return options.onFrame(frame);
        if (frame.command !== 'CONNECTED') return fail(frame.headers['message'] ?? `unexpected ${frame.command} frame`);
        connected = true;
        socket.setTimeout(0);
        client.beat = setInterval(() => {
          if (Date.now() - heardMs > heartBeatMs * 2.5) socket.destroy();
          else socket.write(heartBeat);
        }, heartBeatMs * 0.8);
        resolve(client);
      };
      socket.setNoDelay(true);
      socket.setTimeout(10_000, () => fail('no answer within 10 s'));
      socket.on(options.tls ? 'secureConnect' : 'connect', () => client.send('CONNECT', connectHeaders(options)));
      socket.on('data', (chunk: Buffer) => {
        heardMs = Date.now();
        try {
          for (const frame of parser.push(chunk)) receive(frame);
        } catch (error) {
          fail('the answer is no STOMP', error as Error);
        }
      });
      socket.on('error', (error) => fail(error.message, error));
      socket.on('close', () => {
        clearInterval(client.beat);
        fail('closed the connection');
        if (connected) options.onClose();
      });
    });
  }

  send(command: string, headers: Record<string, string>, body?: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(writeFrame(command, headers, body));
  }

  destroy(): void {
    this.socket.destroy();
  }
}

function connectHeaders({ login, passcode, host }: StompClientOptions): Record<string, string> {
  return { 'accept-version': '1.2', host, login, passcode, 'heart-beat': `${heartBeatMs},${heartBeatMs}` };
}

const heartBeatMs = 20_000;
