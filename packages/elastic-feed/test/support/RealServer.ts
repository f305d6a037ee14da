import { parseJson } from '@soar-feed/core';

interface Listed {
  readonly index: string;
}

/** A real server, read and tidied by plain requests: none of the feed's own code. */
export class RealServer {
  constructor(private readonly url: string) {}

  async document(index: string, id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { _source: source } = (await this.ask('GET', `/${encodeURIComponent(index)}/_doc/${id}`)) as {
      _source?: Record<string, unknown>;
    };
    return source;
  }

  /** All documents of an index by id, as they are now. */
  async documents(index: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
    await this.ask('POST', `/${index}/_refresh`);
    const { hits } = (await this.ask('GET', `/${index}/_search?size=10000`)) as {
      hits?: { hits: readonly { _id: string; _source: Record<string, unknown> }[] };
    };
    return new Map((hits?.hits ?? []).map(({ _id, _source }) => [_id, _source]));
  }

  async make(index: string, body: object): Promise<void> {
    await this.ask('PUT', `/${index}`, body);
  }

  async tidy(prefix: string): Promise<void> {
    const listed = (await this.ask('GET', `/_cat/indices/${prefix}*?format=json`)) as readonly Listed[];
    for (const { index } of listed) await this.ask('DELETE', `/${index}`);
    await this.ask('DELETE', `/_index_template/soar-feed-${prefix}*`);
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return parseJson(await response.text());
  }
}
