/** The smallest client of a simulated org: fetch with an API key. */
export class RestClient {
  /** Ends requests that take longer. */
  timeoutMs: number | undefined;
  private readonly authorization: string;

  constructor(
    private readonly restUrl: string,
    private readonly orgId: number,
    key = { keyId: `key-${orgId}`, secret: `secret-${orgId}` },
  ) {
    this.authorization = `Basic ${Buffer.from(`${key.keyId}:${key.secret}`).toString('base64')}`;
  }

  /** Path below the org, or an absolute one under `/rest`. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const base = path.startsWith('/rest') ? this.restUrl : `${this.restUrl}/rest/orgs/${this.orgId}`;
    const form = body instanceof FormData;
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: this.authorization,
        ...(form ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(this.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(this.timeoutMs) }),
      ...(body === undefined ? {} : { body: form || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  /** Sends and expects success. */
  async ok(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json> {
    const answer = await this.send(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Json;
}

/** JSON of an answer, as untyped as JSON.parse leaves it: the tests' expectations say what must be there. */
export type Json = ReturnType<typeof JSON.parse>;

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export function upload(file: { name: string; content: string; type?: string }, artifact?: unknown): FormData {
  const form = new FormData();
  if (artifact !== undefined) form.append('artifact', JSON.stringify(artifact));
  form.append('file', new Blob([file.content], { type: file.type ?? 'text/plain' }), file.name);
  return form;
}
