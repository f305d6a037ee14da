import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { keyText, parseJson } from '@soar-feed/core';
import type { Item } from '../../src/index.js';

export interface Taken {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly items: readonly Item[];
}

/** What the receiver says of an item. */
export type Say = (item: Item) => { status: string; code?: string; retry_after?: number } | undefined;

/**
 * A receiver as a user might have one: checks the signature, applies the items in their order, and answers for each. An
 * incident or a task takes its objects with it.
 */
export class Receiver {
  readonly requests: Taken[] = [];
  readonly objects = new Map<string, Item>();
  /** Takes requests and never answers. */
  isSilent = false;
  say: Say = () => ({ status: 'delivered' });
  /** Answers a request before anything of it is read. */
  refuse: (request: Taken) => { status: number; headers?: Record<string, string> } | undefined = () => undefined;
  secrets: readonly string[] = [];
  private server: Server | undefined;
  private port = 0;
  private onRequest = (): void => undefined;

  private constructor(private readonly tls: ServerOptions | undefined) {}

  static async start(tls?: ServerOptions): Promise<Receiver> {
    const receiver = new Receiver(tls);
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}/hook`;
  }

  /** Always on the same port. */
  async listen(): Promise<void> {
    const take = (request: IncomingMessage, response: ServerResponse): void => void this.take(request, response);
    const server = this.tls === undefined ? createServer(take) : createTlsServer(this.tls, take);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  nextRequest(): Promise<void> {
    return new Promise((resolve) => (this.onRequest = resolve));
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.server?.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => '');
    if (body === '') return void response.destroy();
    this.onRequest();
    if (this.isSilent) return;
    const { items } = parseJson(body) as { items: readonly Item[] };
    const taken = { headers: request.headers, body, items };
    this.requests.push(taken);
    if (!this.isSigned(taken)) return void response.writeHead(401).end();
    const refusal = this.refuse(taken);
    if (refusal !== undefined) return void response.writeHead(refusal.status, refusal.headers).end();
    const results = items.map((item) => ({ id: item.id, ...this.said(item) }));
    response.writeHead(207, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
  }

  private said(item: Item): ReturnType<Say> {
    const said = this.say(item);
    if (said?.status === 'delivered') this.apply(item);
    return said;
  }

  private apply(item: Item): void {
    const { key } = item;
    if (item.operation === 'upsert') return void this.objects.set(keyText(key), item);
    for (const [name, one] of this.objects) {
      const isBelow =
        (key.type === 'incident' && one.key.incidentId === key.incidentId) ||
        (key.type === 'task' && one.data?.['task_id'] === key.objectId);
      if (isBelow || name === keyText(key)) this.objects.delete(name);
    }
  }

  private isSigned({ headers, body }: Taken): boolean {
    if (this.secrets.length === 0) return true;
    const parts = String(headers['x-soar-feed-signature']).split(',');
    const time = Number(parts[0]?.slice(2));
    if (Math.abs(Date.now() / 1_000 - time) > 300) return false;
    return this.secrets.some((secret) => {
      const wanted = createHmac('sha256', secret).update(`${time}.${body}`).digest();
      return parts.some((part) => {
        const given = Buffer.from(part.replace(/^v1=/, ''), 'hex');
        return given.length === wanted.length && timingSafeEqual(given, wanted);
      });
    });
  }
}
