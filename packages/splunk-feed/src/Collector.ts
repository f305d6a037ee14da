import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { surroundings, UnavailableError } from '@soar-feed/core';
import axios from 'axios';
import type { AxiosInstance, AxiosProxyConfig } from 'axios';
import type { SplunkFeedSection } from './config.js';
import type { HecAnswer } from './hecFailure.js';
import type { Tls } from './readTls.js';

const pack = promisify(gzip);

/** Longest wait for an answer, ms; `deliver_timeout` gives up earlier. */
const ANSWER_WITHIN_MS = 120_000;
/** An answer of the collector is a line; whatever is longer comes from elsewhere. Bytes. */
const MAX_ANSWER = 1024 * 1024;

const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|ALTNAME|UNABLE_TO_VERIFY|EPROTO|ERR_SSL|ERR_TLS/;

/** The HTTP Event Collector: events, acknowledgements and health, by plain requests on connections that stay. */
export class Collector {
  /** Where it is, for messages. */
  readonly place: string;
  private readonly http: AxiosInstance;
  private readonly agent: HttpAgent | HttpsAgent;
  /** Ids of acknowledgements belong to it. */
  private readonly channel = surroundings().uuid();
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly section: SplunkFeedSection,
    tls: Tls,
  ) {
    const { use_ssl: isTls, host, port } = section;
    this.place = `The collector at ${host}:${port}`;
    this.agent = isTls ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
    this.http = axios.create({
      baseURL: `${isTls ? 'https' : 'http'}://${host}:${port}/services/collector`,
      headers: { authorization: `Splunk ${section.token}` },
      ...(isTls ? { httpsAgent: this.agent } : { httpAgent: this.agent }),
      proxy: proxyOf(isTls ? section.https_proxy : section.http_proxy),
      // A redirect would carry the token to another server.
      maxRedirects: 0,
      timeout: ANSWER_WITHIN_MS,
      maxContentLength: MAX_ANSWER,
      maxBodyLength: Infinity,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
    });
  }

  /** Sends events, each JSON. Throws `UnavailableError` if there is no answer. */
  async send(events: readonly string[], signal: AbortSignal): Promise<HecAnswer> {
    const text = events.join('\n');
    const isPacked = this.section.compression === 'gzip';
    const body = isPacked ? await pack(text) : Buffer.from(text);
    return this.post('/event', body, isPacked ? { 'content-encoding': 'gzip' } : {}, signal);
  }

  /** Which of the acknowledgements have come. */
  async acknowledged(ids: readonly number[], signal: AbortSignal): Promise<ReadonlySet<number>> {
    const path = `/ack?channel=${this.channel}`;
    const { body } = await this.request('POST', path, Buffer.from(JSON.stringify({ acks: ids })), {}, signal);
    const acks = (read(body) as { acks?: Readonly<Record<string, unknown>> } | undefined)?.acks ?? {};
    return new Set(ids.filter((id) => acks[String(id)] === true));
  }

  /** A request without events: the collector checks the token, and indexes nothing. */
  async probe(signal: AbortSignal): Promise<HecAnswer> {
    return this.post('/event', Buffer.alloc(0), {}, signal);
  }

  close(): void {
    this.agent.destroy();
  }

  private async post(
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HecAnswer> {
    const answer = await this.request('POST', path, body, headers, signal);
    const {
      code,
      ackId,
      'invalid-event-number': invalid,
    } = (read(answer.body) ?? {}) as Readonly<Record<string, unknown>>;
    return {
      status: answer.status,
      headers: answer.headers,
      ...(typeof code === 'number' ? { code } : {}),
      ...(typeof ackId === 'number' ? { ackId } : {}),
      ...(typeof invalid === 'number' ? { invalid } : {}),
    };
  }

  private async request(
    method: 'POST',
    url: string,
    data: Buffer,
    more: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: unknown }> {
    signal.throwIfAborted();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      'content-type': 'application/json',
      ...(this.section.ack === 'false' ? {} : { 'x-splunk-request-channel': this.channel }),
      ...(cookie === '' ? {} : { cookie }),
      ...more,
    };
    try {
      const response = await this.http.request<unknown>({ method, url, data, headers, signal });
      this.keep(response.headers['set-cookie']);
      return { status: response.status, headers: { ...response.headers }, body: response.data };
    } catch (error) {
      signal.throwIfAborted();
      throw this.unreachable(error);
    }
  }

  /** Behind a load balancer, the cookie leads to the server that knows the ids. */
  private keep(cookies: readonly string[] | undefined): void {
    for (const text of cookies ?? []) {
      const [, name, value] = /^([^=;\s]+)=([^;]*)/.exec(text) ?? [];
      if (name !== undefined && value !== undefined) this.cookies.set(name, value);
    }
  }

  /** The client's own error holds the token: only its code is passed on. */
  private unreachable(error: unknown): UnavailableError {
    const { code = 'no reason given' } = error as { code?: string };
    if (CERTIFICATE.test(code)) {
      const problem = `${this.place} shows a certificate that is not trusted (${code}); name the PEM file of its authority in cafile.`;
      return new UnavailableError(problem, { code: 'splunk-tls' });
    }
    return new UnavailableError(`${this.place} cannot be reached (${code}).`, { code: 'splunk-unreachable' });
  }
}

function read(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function proxyOf(text: string | undefined): AxiosProxyConfig | false {
  if (text === undefined) return false;
  const { protocol, hostname: host, port, username, password } = new URL(text);
  const auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const isDefault = port === '';
  return {
    protocol: protocol.slice(0, -1),
    host,
    port: isDefault ? (protocol === 'https:' ? 443 : 80) : Number(port),
    ...(username === '' ? {} : { auth }),
  };
}
