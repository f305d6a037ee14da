import type { ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { after } from '../timers/after.js';

/** TLS connections through an HTTP proxy (CONNECT). If the proxy does not answer, the request fails at its timeout. */
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
    let cancel: (() => void) | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      const words = `the proxy opened no tunnel within ${this.tunnelTimeoutMs} ms`;
      cancel = after(this.tunnelTimeoutMs, () => reject(new Error(words)));
    });
    try {
      return await Promise.race([super.connect(request, { ...this.tlsOptions, ...options }), tooLate]);
    } finally {
      cancel?.();
    }
  }
}
