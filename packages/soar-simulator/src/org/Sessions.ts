import { randomBytes } from 'node:crypto';

export interface Session {
  readonly id: string;
  /** The client sends it back as `X-sess-id`. */
  readonly csrfToken: string;
  readonly login: { readonly name: string; readonly secret: string };
  readonly timeoutMs: number;
  lastUsedMs: number;
}

/** E-mail sessions. A session ends when it has not been used for the timeout, or when a test ends it. */
export class Sessions {
  private readonly byId = new Map<string, Session>();

  constructor(private readonly now: () => number) {}

  open(name: string, secret: string, timeoutMs: number): Session {
    const id = randomBytes(16).toString('hex').toUpperCase();
    const csrfToken = randomBytes(16).toString('hex');
    const session = { id, csrfToken, login: { name, secret }, timeoutMs, lastUsedMs: this.now() };
    this.byId.set(id, session);
    return session;
  }

  /** Returns the session if it has not expired, and restarts its timeout. */
  use(id: string): Session | undefined {
    const session = this.byId.get(id);
    if (!session) return undefined;
    if (this.now() - session.lastUsedMs > session.timeoutMs) {
      this.byId.delete(id);
      return undefined;
    }
    session.lastUsedMs = this.now();
    return session;
  }

  close(id: string): void {
    this.byId.delete(id);
  }

  expireAll(): void {
    this.byId.clear();
  }
}
