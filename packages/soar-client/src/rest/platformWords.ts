/** The platform's own words in an error. */
export interface PlatformWords {
  readonly message: string;
  readonly hints: readonly string[];
}

const MAX_MESSAGE_CHARS = 1000;

/**
 * The platform's own error form: `{"success":false,"title":null,"message":"...","hints":[],"error_code":"generic"}`
 * (IBM resilient-python-api). A `message`, and two of the four others as the platform writes them: versions differ in
 * what they leave out, and what stands between us and the platform knows JSON too (`{"status":404,"message":"..."}`).
 */
export function platformWords(body: unknown): PlatformWords | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { success, title, message, hints, error_code: errorCode } = body as Readonly<Record<string, unknown>>;
  if (!isTextOrNull(message)) return undefined;
  const signs = [success === false, isTextOrNull(title), Array.isArray(hints), typeof errorCode === 'string'];
  if (signs.filter(Boolean).length < 2 || success === true) return undefined;
  const words = [message, title].find((part): part is string => typeof part === 'string' && part !== '');
  return {
    message: shortened(words ?? 'no reason given'),
    hints: Array.isArray(hints) ? hints.map((hint) => (typeof hint === 'string' ? hint : JSON.stringify(hint))) : [],
  };
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

function shortened(words: string): string {
  return words.length > MAX_MESSAGE_CHARS ? `${words.slice(0, MAX_MESSAGE_CHARS)}...` : words;
}
