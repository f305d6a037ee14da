import type { SessionDto } from '../model/SessionDto.js';
import { failureOf } from '../rest/failureOf.js';
import type { HttpLine } from '../rest/HttpLine.js';
import { aSession } from '../rest/due.js';
import { readAnswer } from '../rest/readAnswer.js';
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
      return readAnswer<SessionDto>(request, answer, aSession);
    });
  }

  credentials(): Promise<Credentials> {
    return Promise.resolve(this.own);
  }

  renew(): Promise<Credentials> {
    return Promise.resolve(this.own);
  }
}
