import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ROOT } from '@soar-feed/page';

/**
 * How to get to the page: its address, and the token that every change needs. A host makes a new token when it starts,
 * and keeps it in memory only.
 */
export class PageDoor {
  readonly token = randomBytes(24).toString('base64url');
  private port: number | undefined;

  /** Absent: the page is not served. */
  get address(): string | undefined {
    return this.port === undefined ? undefined : `http://127.0.0.1:${this.port}${ROOT}`;
  }

  opened(port: number): void {
    this.port = port;
  }

  /** Takes the same time whatever is wrong with it. */
  accepts(token: unknown): boolean {
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    return typeof token === 'string' && timingSafeEqual(digest(token), digest(this.token));
  }
}
