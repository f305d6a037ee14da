/** What stands in place of a secret. */
const REDACTED = '[redacted]';

/** Shorter values are not searched for: that would blot out ordinary words and numbers, and no login is that short. */
const MIN_LENGTH = 4;
/** A port, a year or a count is no secret either. */
const SHORT_NUMBER = /^\d{1,5}$/;

/**
 * Knows every secret of the configuration and removes it from texts by value, in the forms in which it travels: as it
 * is, JSON-escaped, URL-encoded, and anywhere inside base64 (`Authorization: Basic base64(id:secret)`, whatever the
 * id).
 */
export class Redactor {
  private readonly seen = new Set<string>();
  private readonly plain = new Set<string>();
  private readonly inBase64 = new Set<string>();
  /** Longest first, so that a secret containing another goes as a whole. */
  private plainInOrder: readonly string[] = [];

  remember(secret: string): void {
    if (secret.length < MIN_LENGTH || SHORT_NUMBER.test(secret) || this.seen.has(secret)) return;
    this.seen.add(secret);
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), urlEncoded(secret), formEncoded(secret)]) {
      this.plain.add(form);
    }
    for (const core of base64Cores(secret)) this.inBase64.add(core);
    this.plainInOrder = [...this.plain].sort((a, b) => b.length - a.length);
  }

  /**
   * Redacts the texts of a document one by one, because a replacement in its JSON could break it. Its keys are ours.
   */
  redactAll<T>(document: T): T {
    const next = (value: unknown): unknown => {
      if (typeof value === 'string') return this.redact(value);
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(next);
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, next(inner)]));
    };
    return next(document) as T;
  }

  redact(text: string): string {
    if (this.plain.size === 0) return text;
    let clean = text;
    for (const form of this.plainInOrder) {
      if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    }
    for (const core of this.inBase64) {
      if (clean.includes(core)) clean = withoutBase64Word(clean, core);
    }
    return clean;
  }
}

/**
 * One for the process: loggers and configurations share it unless told otherwise, so that no wiring mistake leaks a
 * secret.
 */
export const sharedRedactor = new Redactor();

function urlEncoded(secret: string): string {
  // A lone surrogate cannot be URL-encoded: toWellFormed is what a client would have to send.
  return encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'));
}

function formEncoded(secret: string): string {
  return new URLSearchParams([['', secret]]).toString().slice(1);
}

/**
 * The characters that base64 gives for the secret at each of the three alignments, without those that depend on its
 * neighbours; in the ordinary and in the URL alphabet.
 */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const cores = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((offset * 8) / 6);
    const end = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(start, end);
  });
  return cores
    .filter((core) => core.length >= MIN_LENGTH)
    .flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]);
}

const BASE64 = /[\w+/=-]/;

/**
 * Removes every base64 word around `core`: its first characters name the user, its last ones hold a part of the secret.
 */
function withoutBase64Word(text: string, core: string): string {
  let clean = '';
  let from = 0;
  for (let at = text.indexOf(core); at !== -1; at = text.indexOf(core, from)) {
    let start = at;
    while (start > from && BASE64.test(text.charAt(start - 1))) start -= 1;
    let end = at + core.length;
    while (end < text.length && BASE64.test(text.charAt(end))) end += 1;
    clean += text.slice(from, start) + REDACTED;
    from = end;
  }
  return clean + text.slice(from);
}
