import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseJson } from '@soar-feed/core';

/** What the webhook posts. */
export interface Change {
  readonly action: 'upsert' | 'delete';
  readonly type: string;
  readonly id: number;
  readonly incident: number;
  readonly row: Readonly<Record<string, unknown>> | null;
}

/** A receiver as a user might have one: keeps the newest row of every object. */
export class Receiver {
  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.listen();
    return receiver;
  }

  objects: readonly Change[] = [];
  /** Takes requests and never answers. */
  silent = false;
  refusedId: number | undefined;
  private server: Server | undefined;
  private port = 0;
  private onRequest = (): void => undefined;

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Always on the same port. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.take(request, response));
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

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const change = parseJson(await text(request)) as Change;
    this.onRequest();
    if (this.silent) return;
    if (change.id === this.refusedId) return void response.writeHead(422).end();
    const others = this.objects.filter((one) => !isOrHangsBelow(one, change));
    this.objects =
      change.action === 'delete' ? others : [...this.objects.filter((one) => !isSame(one, change)), change];
    response.writeHead(204).end();
  }
}

function isSame(one: Change, other: Change): boolean {
  return one.type === other.type && one.id === other.id;
}

/** An incident or a task takes its objects with it. */
function isOrHangsBelow(one: Change, gone: Change): boolean {
  if (gone.type === 'incident') return one.incident === gone.id;
  return isSame(one, gone) || (gone.type === 'task' && one.row?.['task_id'] === gone.id);
}
