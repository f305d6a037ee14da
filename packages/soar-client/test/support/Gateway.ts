import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeTestCertificate } from './certificate.js';
import type { TestCertificate } from './certificate.js';

/** What a gateway says in the platform's place. */
export interface Said {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  /** `before`: the request never reaches the platform; `after`: the platform has done its work already. */
  readonly when: 'before' | 'after';
}

/** A TLS gateway in front of a platform: passes everything on until told to answer by itself. */
export class Gateway {
  /** Requests that were answered by the gateway itself. */
  struck = 0;
  private said: Said | undefined;

  static async start(platformPort: number): Promise<Gateway> {
    const certificate = await makeTestCertificate();
    const server = createServer({ key: certificate.key, cert: certificate.cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gateway(server, certificate, platformPort);
  }

  private constructor(
    private readonly server: Server,
    private readonly certificate: TestCertificate,
    private readonly platformPort: number,
  ) {
    server.on('request', (request, response) => this.serve(request, response));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get cafile(): string {
    return this.certificate.cafile;
  }

  /** Answers every request so from now on; `undefined`: passes them on again. */
  says(said: Said | undefined): void {
    this.struck = 0;
    this.said = said;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.certificate.remove();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const { said } = this;
    if (said !== undefined) this.struck += 1;
    if (said?.when === 'before') {
      request.resume().on('end', () => speak(response, said));
      return;
    }
    const { method, url: path, headers } = request;
    const onward = httpsRequest(
      { host: '127.0.0.1', port: this.platformPort, method, path, headers, rejectUnauthorized: false, agent: false },
      (answer) => {
        if (said !== undefined) return void answer.resume().on('end', () => speak(response, said));
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}

function speak(response: ServerResponse, { status, type = 'text/html', body = '' }: Said): void {
  const more = status >= 300 && status < 400 ? { location: 'https://sorry.example/' } : {};
  response.writeHead(status, { 'content-type': type, ...more }).end(body);
}
