import type { SessionDto } from '../model/SessionDto.js';
import { failureOf } from '../rest/failureOf.js';
import type { HttpLine } from '../rest/HttpLine.js';
import { readJson } from '../rest/readJson.js';
import { repeatWhileSafe } from '../rest/repeatWhileSafe.js';
import type { RepeatPolicy } from '../rest/repeatWhileSafe.js';
import type { SoarRequest } from '../rest/SoarRequest.js';
import type { Credentials, Login } from './Login.js';

export interface ApiKeyLoginSetup {
  readonly line: HttpLine;
  readonly policy: RepeatPolicy;
  readonly path: string;
  readonly id: string;
  readonly secret: string;
}

/** HTTP Basic on every request. No cookie is ever sent: the server would prefer its session to the key. */
export class ApiKeyLogin implements Login {
  readonly canRenew = false;
  private readonly own: Credentials;

  constructor(private readonly setup: ApiKeyLoginSetup) {
    const pair = Buffer.from(`${setup.id}:${setup.secret}`, 'utf8').toString('base64');
    this.own = { headers: { Authorization: `Basic ${pair}` } };
  }

  open(signal?: AbortSignal): Promise<SessionDto> {
    const { line, policy, path } = this.setup;
    const request: SoarRequest = {
      method: 'GET',
      path,
      effect: 'read',
      query: { include_permissions: false },
      headers: this.own.headers,
      signal,
    };
    return repeatWhileSafe(request, policy, async () => {
      const answer = await line.exchange(request);
      if (answer.status !== 200) throw await failureOf(request, answer);
      return readJson<SessionDto>(request, answer);
    });
  }

  credentials(): Promise<Credentials> {
    return Promise.resolve(this.own);
  }

  renew(): Promise<Credentials> {
    return Promise.resolve(this.own);
  }
}
