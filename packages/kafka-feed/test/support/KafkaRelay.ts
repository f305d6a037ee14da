import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';
import { newerResponse, olderRequest, withPlaces } from './metadata.js';
import type { Place } from './metadata.js';
import { Frames, framed, WireReader, WireWriter } from './wire.js';

const PRODUCE = 0;
const METADATA = 3;
const API_VERSIONS = 18;

/** What the mock brokers of librdkafka 2.0.2 know, as versions of what a new client asks for. */
const MODERN: readonly (readonly [api: number, from: number, to: number])[] = [
  [0, 3, 7],
  [3, 9, 9],
  [18, 0, 3],
  [22, 0, 4],
];

export interface RelayOptions {
  /** Answers for mock brokers what only newer servers know: ApiVersions 3 and Metadata 9. */
  readonly isModern?: boolean;
  readonly tls?: TlsOptions;
}

/**
 * Stands before each broker of a cluster, so that a test can take the cluster away or let it fall silent, whatever it
 * is. Clients meet the relay only: it puts its own places into what the brokers say of each other.
 */
export class KafkaRelay {
  /** How many requests to store messages have passed. */
  produced = 0;
  private readonly servers = new Map<number, { readonly server: Server; readonly to: Place; port: number }>();
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] | undefined;
  private onHeld: (() => void) | undefined;
  private onProduce: (() => void) | undefined;

  private constructor(private readonly options: RelayOptions) {}

  static async start(bootstrap: string, options: RelayOptions = {}): Promise<KafkaRelay> {
    const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    const relay = new KafkaRelay(options);
    for (const { nodeId, host, port } of brokers) {
      const serve = (socket: Socket): void => relay.serve(socket, { host, port });
      const server = options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
      relay.servers.set(nodeId, { server, to: { host, port }, port: 0 });
    }
    await relay.up();
    return relay;
  }

  get bootstrap(): string {
    return [...this.servers.values()].map(({ port }) => `127.0.0.1:${port}`).join(',');
  }

  get connections(): number {
    return this.sockets.size;
  }

  /** Resolves once no connection is left. */
  async idle(): Promise<void> {
    while (this.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async down(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(
      [...this.servers.values()].map(({ server }) => new Promise((done) => server.close(() => done(undefined)))),
    );
  }

  async up(): Promise<void> {
    for (const broker of this.servers.values()) {
      await new Promise<void>((done, fail) => {
        broker.server.once('error', fail);
        broker.server.listen(broker.port, '127.0.0.1', () => done());
      });
      broker.port = (broker.server.address() as AddressInfo).port;
    }
  }

  /** Requests are taken and not passed on, until `end`; `reached` resolves when one hangs. */
  silence(): { readonly reached: Promise<void>; end(): Promise<void> } {
    this.held = [];
    const reached = new Promise<void>((resolve) => {
      this.onHeld = resolve;
    });
    return {
      reached,
      end: async () => {
        const held = this.held ?? [];
        this.held = undefined;
        for (const pass of held) pass();
      },
    };
  }

  /** Resolves when the next request to store messages arrives here. */
  nextProduce(): Promise<void> {
    return new Promise((resolve) => {
      this.onProduce = resolve;
    });
  }

  private serve(client: Socket, to: Place): void {
    const broker = connect(to.port, to.host);
    const asked = new Map<number, { readonly api: number; readonly version: number }>();
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    const requests = new Frames();
    client.on('data', (chunk: Buffer) => {
      for (const frame of requests.push(chunk)) {
        const pass = (): void => this.request(frame, client, broker, asked);
        if (frame.readInt16BE(0) === PRODUCE) {
          this.produced += 1;
          this.onProduce?.();
        }
        if (this.held === undefined) pass();
        else {
          this.held.push(pass);
          this.onHeld?.();
        }
      }
    });
    const responses = new Frames();
    broker.on('data', (chunk: Buffer) => {
      for (const frame of responses.push(chunk)) client.write(framed(this.response(frame, asked)));
    });
  }

  private request(frame: Buffer, client: Socket, broker: Socket, asked: Map<number, { api: number; version: number }>) {
    const reader = new WireReader(frame);
    const [api, version, correlation] = [reader.int16(), reader.int16(), reader.int32()];
    asked.set(correlation, { api, version });
    const isModern = this.options.isModern === true;
    if (isModern && api === API_VERSIONS && version >= 3) client.write(framed(apiVersions(correlation)));
    else broker.write(framed(isModern && api === METADATA && version === 9 ? olderRequest(frame) : frame));
  }

  private response(frame: Buffer, asked: ReadonlyMap<number, { api: number; version: number }>): Buffer {
    const { api, version = 0 } = asked.get(frame.readInt32BE(0)) ?? {};
    if (api !== METADATA) return frame;
    const newer = this.options.isModern === true && version === 9 ? newerResponse(frame) : frame;
    return withPlaces(newer, version, (node) => {
      const port = this.servers.get(node)?.port;
      return port === undefined ? undefined : { host: '127.0.0.1', port };
    });
  }
}

function apiVersions(correlation: number): Buffer {
  const writer = new WireWriter().int32(correlation).int16(0);
  writer.list(MODERN, true, ([api, from, to]) => writer.int16(api).int16(from).int16(to).uvarint(0));
  return writer.int32(0).uvarint(0).bytes();
}
