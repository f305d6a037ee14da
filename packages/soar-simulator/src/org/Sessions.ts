import { randomBytes } from 'node:crypto';

export interface Session {
  readonly id: string;
  /** Sent back by the client as `X-sess-id`. */
  readonly csrfToken: string;
  readonly login: { readonly name: string; readonly secret: string };
  readonly timeoutMs: number;
  lastUsedMs: number;
}

/** E-mail sessions. A session ends when it was not used for its timeout, or when a test says so. */
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

  /** The session, if it has not expired; its time starts again. */
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
