import type { Readable } from 'node:stream';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import type { SoarPool } from '../connect/poolFor.js';
import { writeJson } from '../json/writeJson.js';
import type { Admission, Pass } from '../limit/Admission.js';
import type { Seen } from './Exchange.js';
import { lineFailure } from './lineFailure.js';
import { multipartOf } from './multipartOf.js';
import { poolAdapter } from './poolAdapter.js';
import { queryText } from './queryText.js';
import { requestChannel } from './requestChannel.js';
import { retryAfterMsOf } from './retryAfterMsOf.js';
import type { SoarRequest } from './SoarRequest.js';

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
  /** From the one to the other; ms, by a clock that nobody sets. */
  readonly tookMs?: number | undefined;
  /** Discards a body that nobody will read. */
  discard(): void;
}

export interface HttpLineSetup {
  /** `https://host:port` */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly pool: SoarPool;
  readonly userAgent: string;
  /** Longest `Retry-After` that is honoured. */
  readonly maxRetryAfterMs: number;
  /** Bytes of an answer that is taken as text, unpacked. */
  readonly maxAnswerBytes: number;
  /** Says when each request may be sent; absent: at once. */
  readonly admission?: Admission | undefined;
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
      validateStatus: () => true,
      responseType: 'text',
      transformRequest: (data: unknown) => data,
      transformResponse: (data: unknown) => data,
    });
  }

  async exchange(request: SoarRequest, asStream = false): Promise<Answer> {
    const { admission } = this.setup;
    if (admission === undefined) return this.traced(request, asStream);
    const pass = await admission.enter(request).catch((error: unknown) => {
      throw lineFailure(request, this.setup, error, { sent: false });
    });
    try {
      const answer = await this.traced(request, asStream, pass);
      pass.answered(answer);
      return answer;
    } catch (error) {
      pass.failed(error);
      throw error;
    }
  }

  close(): void {
    this.setup.pool.close();
  }

  private traced(request: SoarRequest, asStream: boolean, pass?: Pass): Promise<Answer> {
    const { method, path } = request;
    const { host, port } = this.setup;
    return requestChannel.tracePromise(() => this.send(request, asStream, pass), { method, path, host, port });
  }

  private async send(request: SoarRequest, asStream: boolean, pass: Pass | undefined): Promise<Answer> {
    const { pool, userAgent, maxRetryAfterMs, maxAnswerBytes } = this.setup;
    const seen: Seen = { sent: false };
    const multipart = request.upload === undefined ? undefined : await multipartOf(request, request.upload);
    try {
      await pass?.sending?.();
    } catch (error) {
      multipart?.release();
      throw error;
    }
    try {
      const response = await this.http.request<string | Readable>({
        method: request.method,
        url: request.path + queryText(request.query),
        data: multipart?.form ?? (request.body === undefined ? undefined : writeJson(request.body)),
        headers: {
          Accept: asStream ? '*/*' : 'application/json',
          // The length of a file is checked against what was announced: that of the bytes themselves.
          'Accept-Encoding': asStream ? 'identity' : 'gzip, deflate, br',
          'User-Agent': userAgent,
          // axios would name a content type of its own for a request without a body.
          'Content-Type': multipart?.contentType ?? (request.body === undefined ? false : 'application/json'),
          ...request.headers,
        },
        responseType: asStream ? 'stream' : 'text',
        adapter: poolAdapter(pool.dispatcher, { asStream, maxAnswerBytes, seen }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      return answerOf(response.status, response.headers, response.data, seen, maxRetryAfterMs);
    } catch (error) {
      throw lineFailure(request, this.setup, error, seen, multipart?.failure());
    } finally {
      multipart?.release();
    }
  }
}

function answerOf(
  status: number,
  rawHeaders: object,
  data: string | Readable,
  { sentAtMs, answeredAtMs, tookMs }: Seen,
  maxRetryAfterMs: number,
): Answer {
  const headers: Record<string, string | undefined> = {};
  let cookies: readonly string[] = [];
  for (const [name, value] of Object.entries(rawHeaders) as [string, unknown][]) {
    if (name === 'set-cookie' && Array.isArray(value)) cookies = value.map(String);
    else if (typeof value === 'string') headers[name] = value;
  }
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], headers['date'], maxRetryAfterMs);
  const facts = { status, headers, cookies, retryAfterMs, sentAtMs, answeredAtMs, tookMs };
  if (typeof data === 'string') return { ...facts, text: data, discard: () => undefined };
  return {
    ...facts,
    text: '',
    stream: data,
    discard: () => void data.on('error', () => undefined).destroy(),
  };
}
