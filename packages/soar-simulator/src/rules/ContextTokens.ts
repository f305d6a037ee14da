import { createHmac, randomBytes } from 'node:crypto';

/** Signed tokens that say which rule caused a message, in the platform's format (a JWT). Nothing is stored. */
export class ContextTokens {
  private key = randomBytes(32);

  /** The secret that signs them. */
  get secret(): string {
    return this.key.toString('base64');
  }

  set secret(base64: string) {
    this.key = Buffer.from(base64, 'base64');
  }

  issue(ruleId: number, invocation: string): string {
    const head = encode({ alg: 'HS256', typ: 'JWT' });
    const claims = encode({ action_id: ruleId, sub: invocation });
    return `${head}.${claims}.${this.sign(`${head}.${claims}`)}`;
  }

  /** Id of the rule the token was issued for; undefined for anything else. */
  ruleOf(token: string | undefined): number | undefined {
    const [head, claims, signature] = token?.split('.') ?? [];
    if (!head || !claims || signature !== this.sign(`${head}.${claims}`)) return undefined;
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { action_id: number }).action_id;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
