import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assets, securityHeaders } from '../../src/index.js';

export interface ServedViews {
  /** What is served; may be replaced. */
  views: Readonly<Record<string, string>>;
  /** How many documents were asked for. */
  readonly asked: number;
  readonly urls: readonly string[];
  url(view: string): string;
  close(): Promise<void>;
}

/** Serves documents as a host does, with the same headers. */
export async function serveViews(views: Readonly<Record<string, string>>): Promise<ServedViews> {
  const served = { views, asked: 0 };
  const server = createServer(({ url = '' }, response) => {
    const name = url.split('/').at(-1)?.split('?')[0] ?? '';
    const asset = assets.get(name);
    const content = asset?.content ?? served.views[name];
    if (asset === undefined) served.asked += 1;
    response.writeHead(content === undefined ? 404 : 200, {
      ...securityHeaders,
      'content-type': asset?.contentType ?? 'text/html; charset=utf-8',
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = (view: string): string => `http://127.0.0.1:${port}/page/${view}`;
  return Object.assign(served, {
    url,
    urls: Object.keys(views).map(url),
    async close() {
      const ended = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ended;
    },
  });
}
