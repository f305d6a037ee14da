import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { RetryableError, surroundings, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import type { WebhookSettings } from '../config/WebhookSettings.js';
import type { Request } from './Request.js';

/** Larger answers are not read. Bytes. */
const MAX_ANSWER = 4 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Posts requests: TLS checked, redirects not followed, connections kept open. */
export class Poster {
  private constructor(
    private readonly http: AxiosInstance,
    private readonly agents: readonly HttpAgent[],
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** Throws `UnavailableError` that names the key of a PEM file that cannot be read. */
  static async open(settings: WebhookSettings): Promise<Poster> {
    const { cafile, clientCert, proxy, timeoutMs } = settings;
    const ca = typeof cafile === 'string' ? await pem('cafile', cafile) : undefined;
    const cert = clientCert && (await pem('client_auth_cert', clientCert.certFile));
    const key = clientCert && (await pem('client_auth_key', clientCert.keyFile));
    const httpAgent = new HttpAgent({ keepAlive: true });
    const httpsAgent = new HttpsAgent({
      keepAlive: true,
      rejectUnauthorized: cafile !== false,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    });
    const http = axios.create({
      httpAgent,
      httpsAgent,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER,
      maxBodyLength: Number.POSITIVE_INFINITY,
      responseType: 'text',
      transformRequest: (body: string) => body,
      transformResponse: (body: string) => body,
      validateStatus: () => true,
      ...(proxy === undefined
        ? {}
        : {
            proxy: {
              protocol: 'http',
              host: proxy.host,
              port: proxy.port,
              ...(proxy.user === undefined ? {} : { auth: { username: proxy.user, password: proxy.password ?? '' } }),
            },
          }),
    });
    return new Poster(http, [httpAgent, httpsAgent], settings.url, timeoutMs);
  }

  /**
   * Throws `UnavailableError` where nobody is, `RetryableError` where no answer comes in time, and the signal's reason
   * once that is aborted.
   */
  async post({ body, headers }: Request, signal: AbortSignal): Promise<Answer> {
    // Of this call only: AbortSignal.any would hold on to the host's signal.
    const ending = new AbortController();
    const onAbort = (): void => ending.abort();
    let isLate = false;
    const cancel = surroundings().startTimer(this.timeoutMs, () => {
      isLate = true;
      ending.abort();
    });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const answer = await this.http.post<string>(this.url, body, { headers, signal: ending.signal });
      return { status: answer.status, headers: answer.headers, body: answer.data };
    } catch (error) {
      signal.throwIfAborted();
      throw this.problemOf(error, isLate);
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
  }

  /** Without the error itself, which carries the request with its headers. */
  private problemOf(error: unknown, isLate: boolean): FeedError {
    const place = new URL(this.url).host;
    if (isLate) {
      const text = `The receiver at ${place} did not answer within request_timeout (${this.timeoutMs / 1_000} s).`;
      return new RetryableError(text, { code: 'webhook-timeout' });
    }
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    const text = `The receiver at ${place} cannot be reached: ${code ?? message ?? 'no reason given'}.`;
    return new UnavailableError(text, { code: 'webhook-unreachable' });
  }
}

async function pem(key: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new UnavailableError(`${key}: ${file} cannot be read (${code}).`, { code: 'webhook-file-unreadable' });
  }
}
