import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { writeJson } from '../json/writeJson.js';
import { lineFailure } from './lineFailure.js';
import { multipartOf } from './multipartOf.js';
import { queryText } from './queryText.js';
import { retryAfterMsOf } from './retryAfterMsOf.js';
import type { SoarRequest } from './SoarRequest.js';
import { watchedTransport } from './watchedTransport.js';
import type { Seen } from './watchedTransport.js';

/** An answer of any status. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  /** The body, whole, where no stream was asked for. */
  readonly text: string;
  /** The body where a stream was asked for. */
  readonly stream?: Readable;
  /** What the server asked for, within our limits. */
  readonly retryAfterMs?: number | undefined;
  /** When the request left and the answer's head came; ms, our clock. */
  readonly sentAtMs?: number | undefined;
  readonly answeredAtMs?: number | undefined;
  /** Discards a body that nobody will read. */
  discard(): void;
}

export interface HttpLineSetup {
  /** `https://host:port` */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Longest `Retry-After` that is honoured. */
  readonly maxRetryAfterMs: number;
  /** Bytes of an answer that is taken as text, unpacked. */
  readonly maxAnswerBytes: number;
}

/**
 * One request over the wire, once: no login, no repeats, every status is an answer. Throws SoarApiError when the line
 * fails; it then knows whether the request can have reached the server.
 *
 * Bodies are taken as text and parsed by `readAnswer`: axios' own parsing loses the status of an answer that is no JSON.
 */
export class HttpLine {
  private readonly http: AxiosInstance;

  constructor(private readonly setup: HttpLineSetup) {
    this.http = axios.create({
      baseURL: setup.origin,
      httpsAgent: setup.agent,
      // The agent knows the proxy; axios must not read the environment again.
      proxy: false,
      maxRedirects: 0,
      timeout: setup.timeoutMs,
      maxContentLength: setup.maxAnswerBytes,
      validateStatus: () => true,
      responseType: 'text',
      transformRequest: (data: unknown) => data,
      transformResponse: (data: unknown) => data,
    });
  }

  async exchange(request: SoarRequest, asStream = false): Promise<Answer> {
    const { timeoutMs, userAgent, maxRetryAfterMs } = this.setup;
    const watch = watchedTransport(timeoutMs);
    const multipart = request.upload === undefined ? undefined : await multipartOf(request, request.upload);
    try {
      const response = await this.http.request<string | Readable>({
        method: request.method,
        url: request.path + queryText(request.query),
        data: multipart?.form ?? (request.body === undefined ? undefined : writeJson(request.body)),
        headers: {
          Accept: asStream ? '*/*' : 'application/json',
          // The length of a file is checked against what was announced: that of the bytes themselves.
          ...(asStream ? { 'Accept-Encoding': 'identity' } : {}),
          'User-Agent': userAgent,
          // axios would name a content type of its own for a request without a body.
          'Content-Type': multipart?.contentType ?? (request.body === undefined ? false : 'application/json'),
          ...request.headers,
        },
        responseType: asStream ? 'stream' : 'text',
        decompress: !asStream,
        ...(asStream ? { maxContentLength: -1 } : {}),
        transport: watch.transport,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      const answer = answerOf(response.status, response.headers, response.data, watch.seen, maxRetryAfterMs);
      if (watch.seen.proxyStatus === undefined) return answer;
      answer.discard();
      throw new Error('the proxy refused the tunnel');
    } catch (error) {
      throw lineFailure(request, this.setup, error, watch.seen, multipart?.failure());
    } finally {
      multipart?.release();
    }
  }

  close(): void {
    this.setup.agent.destroy();
  }
}

function answerOf(
  status: number,
  rawHeaders: object,
  data: string | Readable,
  { sentAtMs, answeredAtMs }: Seen,
  maxRetryAfterMs: number,
): Answer {
  const headers: Record<string, string | undefined> = {};
  let cookies: readonly string[] = [];
  for (const [name, value] of Object.entries(rawHeaders) as [string, unknown][]) {
    if (name === 'set-cookie' && Array.isArray(value)) cookies = value.map(String);
    else if (typeof value === 'string') headers[name] = value;
  }
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], headers['date'], maxRetryAfterMs);
  const facts = { status, headers, cookies, retryAfterMs, sentAtMs, answeredAtMs };
  if (typeof data === 'string') return { ...facts, text: data, discard: () => undefined };
  return {
    ...facts,
    text: '',
    stream: data,
    discard: () => void data.on('error', () => undefined).destroy(),
  };
}
