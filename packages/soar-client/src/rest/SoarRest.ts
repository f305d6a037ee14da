import type { Login } from '../connect/Login.js';
import type { CallOptions, WriteOptions } from './CallOptions.js';
import type { ServerClock } from '../connect/ServerClock.js';
import type { FileContent } from './FileContent.js';
import { fileContentOf } from './fileContentOf.js';
import { failureOf, saidByPlatform } from './failureOf.js';
import type { Answer, HttpLine } from './HttpLine.js';
import type { Interceptor } from './Interceptor.js';
import { anObjectOrList } from './due.js';
import type { Due } from './due.js';
import { readAnswer, readDeletion } from './readAnswer.js';
import { repeatWhileSafe } from './repeatWhileSafe.js';
import type { RepeatPolicy } from './repeatWhileSafe.js';
import { SoarApiError } from './SoarApiError.js';
import type { Effect, Query, SoarRequest, Upload } from './SoarRequest.js';

export interface RestOptions extends CallOptions {
  readonly query?: Query | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `org` (default): below `/rest/orgs/{id}`; `rest`: below `/rest`. */
  readonly scope?: 'org' | 'rest' | undefined;
  /** The expected shape of a successful answer; by default any JSON object or list. */
  readonly due?: Due | undefined;
}

export type RestWriteOptions = RestOptions & WriteOptions;

export interface SoarRestSetup {
  readonly line: HttpLine;
  readonly login: Login;
  readonly resourcePrefix: string;
  readonly orgId: number;
  readonly policy: RepeatPolicy;
  readonly contextToken?: string | undefined;
  readonly intercept?: Interceptor | undefined;
  readonly clock: ServerClock;
  /** Bytes of one answer, unpacked. */
  readonly maxAnswerBytes: number;
}

/**
 * Any endpoint of the organization, logged in, with the repeats that are safe. Paths start with `/` below
 * `/rest/orgs/{id}`. Every method throws SoarApiError, and answers with a JSON object or list, never with text.
 */
export class SoarRest {
  private login: Login;

  constructor(private readonly setup: SoarRestSetup) {
    this.login = setup.login;
  }

  /** Later requests are sent with this login; those under way end with the old one. */
  logInWith(login: Login): void {
    this.login = login;
  }

  get<T>(path: string, options: RestOptions = {}): Promise<T> {
    return this.json<T>('GET', path, 'read', undefined, options);
  }

  /** A POST that changes nothing: query_paged, search_ex and the like. */
  query<T>(path: string, body: unknown, options: RestOptions = {}): Promise<T> {
    return this.json<T>('POST', path, 'read', body, options);
  }

  /** A POST that creates an object: never repeated once it may have been done. */
  create<T>(path: string, body: unknown, options: RestWriteOptions = {}): Promise<T> {
    return this.json<T>('POST', path, 'create', body, options);
  }

  put<T>(path: string, body: unknown, options: RestWriteOptions = {}): Promise<T> {
    return this.json<T>('PUT', path, 'change', body, options);
  }

  patch<T>(path: string, body: unknown, options: RestWriteOptions = {}): Promise<T> {
    return this.json<T>('PATCH', path, 'change', body, options);
  }

  async delete(path: string, options: RestWriteOptions = {}): Promise<void> {
    const request = this.requestOf('DELETE', path, 'change', undefined, options);
    await this.run(request, false, (answer) => readDeletion(request, answer));
  }

  /** A create by multipart form; the file is streamed. */
  upload<T>(path: string, upload: Upload, options: RestWriteOptions = {}): Promise<T> {
    const request = { ...this.requestOf('POST', path, 'create', undefined, options), upload };
    return this.run(request, false, (answer) => readAnswer<T>(request, answer, options.due ?? anObjectOrList));
  }

  /** The bytes behind a path, as a stream. `size`: how many there are, where that is known. */
  open(path: string, options: RestOptions & { readonly size?: number | undefined } = {}): Promise<FileContent> {
    const request = this.requestOf('GET', path, 'read', undefined, options);
    return this.run(request, true, (answer) =>
      fileContentOf(request, answer, { size: options.size, maxBytes: this.setup.maxAnswerBytes }),
    );
  }

  private json<T>(
    method: SoarRequest['method'],
    path: string,
    effect: Effect,
    body: unknown,
    options: RestWriteOptions,
  ): Promise<T> {
    const request = this.requestOf(method, path, effect, body, options);
    return this.run(request, false, (answer) => readAnswer<T>(request, answer, options.due ?? anObjectOrList));
  }

  private requestOf(
    method: SoarRequest['method'],
    path: string,
    effect: Effect,
    body: unknown,
    options: RestWriteOptions,
  ): SoarRequest {
    const { resourcePrefix, orgId } = this.setup;
    const token = effect === 'read' ? undefined : (options.contextToken ?? this.setup.contextToken);
    return {
      method,
      path: `${resourcePrefix}/rest${options.scope === 'rest' ? '' : `/orgs/${orgId}`}${path}`,
      effect,
      query: options.query,
      body,
      headers: { ...options.headers, ...(token === undefined ? {} : { 'X-Co3ContextToken': token }) },
      signal: options.signal,
    };
  }

  private run<T>(request: SoarRequest, asStream: boolean, read: (answer: Answer) => T): Promise<T> {
    return repeatWhileSafe(request, this.setup.policy, async () => {
      const send = (instead = request): Promise<Answer> => this.loggedIn(instead, asStream);
      const answer = await (this.setup.intercept?.(request, send) ?? send());
      return judged(this.setup.clock, answer, async () => {
        if (answer.status < 200 || answer.status > 299) throw await failureOf(request, answer);
        return read(answer);
      });
    });
  }

  /**
   * A 401 means that the session expired: the platform did nothing, so even a create may be sent again, once. Where something else
   * says it, a change may have been done: the session is renewed for the next request, and this one is not repeated.
   */
  private async loggedIn(request: SoarRequest, asStream: boolean): Promise<Answer> {
    const { login } = this;
    const { line } = this.setup;
    const credentials = await login.credentials(request.signal);
    const send = (auth: Readonly<Record<string, string>>): Promise<Answer> =>
      line.exchange({ ...request, headers: { ...request.headers, ...auth } }, asStream);
    const answer = await send(credentials.headers);
    if (answer.status !== 401 || !login.canRenew) return answer;
    if (request.effect === 'read' || saidByPlatform(answer)) {
      answer.discard();
      return send((await login.renew(credentials, request.signal)).headers);
    }
    await login.renew(credentials, request.signal).catch(() => undefined);
    return answer;
  }
}

/** Only answers of the platform itself report its time. */
async function judged<T>(clock: ServerClock, answer: Answer, read: () => Promise<T>): Promise<T> {
  const { sentAtMs, answeredAtMs, headers } = answer;
  const tell = (): void => clock.observe({ sentAtMs, answeredAtMs, date: headers['date'] });
  try {
    const result = await read();
    tell();
    return result;
  } catch (error) {
    if (SoarApiError.is(error) && error.status !== undefined) tell();
    throw error;
  }
}
