import type { SessionDto } from '../model/SessionDto.js';
import { failureOf } from '../rest/failureOf.js';
import type { HttpLine } from '../rest/HttpLine.js';
import { aSession } from '../rest/due.js';
import { readAnswer } from '../rest/readAnswer.js';
import { repeatWhileSafe } from '../rest/repeatWhileSafe.js';
import type { RepeatPolicy } from '../rest/repeatWhileSafe.js';
import type { SoarRequest } from '../rest/SoarRequest.js';
import type { Credentials, Login } from './Login.js';

export interface PasswordLoginSetup {
  readonly line: HttpLine;
  readonly policy: RepeatPolicy;
  readonly path: string;
  readonly email: string;
  readonly password: string;
}

/** A session by e-mail and password: a CSRF token and a cookie, until the server drops them. */
export class PasswordLogin implements Login {
  readonly canRenew = true;
  private current: Promise<Credentials> | undefined;

  constructor(private readonly setup: PasswordLoginSetup) {}

  async open(signal?: AbortSignal): Promise<SessionDto> {
    const opened = this.logIn(signal);
    this.current = opened.then(({ credentials }) => credentials);
    this.forgetWhenFailed(this.current);
    return (await opened).session;
  }

  credentials(): Promise<Credentials> {
    return this.current ?? this.logInOnce();
  }

  /** The first caller with an expired session logs in; the others wait for it, or find it done. */
  async renew(stale: Credentials): Promise<Credentials> {
    const standing = this.current;
    const credentials = await standing?.catch(() => undefined);
    if (credentials !== undefined && credentials !== stale) return credentials;
    // In the meantime, another caller may have begun the new login.
    return this.current === undefined || this.current === standing ? this.logInOnce() : this.current;
  }

  private logInOnce(): Promise<Credentials> {
    this.current = this.logIn().then(({ credentials }) => credentials);
    this.forgetWhenFailed(this.current);
    return this.current;
  }

  private forgetWhenFailed(login: Promise<Credentials>): void {
    login.catch(() => {
      if (this.current === login) this.current = undefined;
    });
  }

  /** A login that many callers share gets no signal: no single caller may cancel it. */
  private logIn(signal?: AbortSignal): Promise<{ session: SessionDto; credentials: Credentials }> {
    const { line, policy, path, email, password } = this.setup;
    const request: SoarRequest = {
      method: 'POST',
      path,
      effect: 'read',
      query: { include_permissions: false },
      body: { email, password },
      signal,
    };
    return repeatWhileSafe(request, policy, async () => {
      const answer = await line.exchange(request);
      if (answer.status !== 200) throw await failureOf(request, answer);
      const session = readAnswer<SessionDto>(request, answer, aSession);
      const cookie = answer.cookies.map((entry) => entry.split(';')[0]).join('; ');
      const csrf = typeof session.csrf_token === 'string' ? { 'X-sess-id': session.csrf_token } : {};
      return { session, credentials: { headers: { ...csrf, ...(cookie === '' ? {} : { Cookie: cookie }) } } };
    });
  }
}
