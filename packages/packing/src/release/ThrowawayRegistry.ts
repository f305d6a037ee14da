import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Published {
  readonly name: string;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, object>>;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** A registry on loopback that knows no package, takes what is published, and forgets it all when it is closed. */
export class ThrowawayRegistry {
  private readonly packages = new Map<string, Published>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        response.writeHead(400).end(JSON.stringify({ error: String(error) }));
      });
    });
    // Nothing is closed between two requests: a publisher that had just sent the next one would see it fail.
    this.server.keepAliveTimeout = 0;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The published tarballs, by the package's name and version joined by `@`. */
  tarballs(): ReadonlyMap<string, Buffer> {
    const all = [...this.packages.values()].flatMap(({ name, versions, _attachments }) =>
      Object.keys(versions).map((version) => {
        const [attachment] = Object.values(_attachments);
        return [`${name}@${version}`, Buffer.from(attachment?.data ?? '', 'base64')] as const;
      }),
    );
    return new Map(all);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = decodeURIComponent((request.url ?? '').slice(1));
    if (request.method === 'PUT') {
      this.packages.set(name, JSON.parse(await text(request)) as Published);
      response.writeHead(201).end('{}');
      return;
    }
    const known = this.packages.get(name);
    response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ?? { error: 'not found' }));
  }
}
