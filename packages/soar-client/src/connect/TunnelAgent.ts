import type { ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** TLS lines through an HTTP proxy (CONNECT). A proxy that never answers fails the request in time. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  constructor(
    proxyUrl: URL,
    private readonly tlsOptions: AgentOptions,
    private readonly tunnelTimeoutMs: number,
  ) {
    super(proxyUrl.href, tlsOptions);
  }

  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the proxy opened no tunnel within ${this.tunnelTimeoutMs} ms`)),
        this.tunnelTimeoutMs,
      );
    });
    try {
      return await Promise.race([super.connect(request, { ...this.tlsOptions, ...options }), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
