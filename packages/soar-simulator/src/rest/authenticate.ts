import type { FastifyRequest } from 'fastify';
import type { Login, Platform } from '../org/Platform.js';
import { PlatformError } from '../org/PlatformError.js';
import { answeredBy } from './serverDate.js';

export interface Caller {
  readonly login: Login;
  /** undefined with an API key. */
  readonly sessionId: string | undefined;
}

/** Who calls: a session cookie has precedence over an API key, as on the platform. Throws 401. */
export function authenticate(platform: Platform, request: FastifyRequest): Caller {
  const sessionId = /(?:^|;\s*)JSESSIONID=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (sessionId !== undefined) {
    const session = platform.sessions.use(sessionId);
    if (!session || request.headers['x-sess-id'] !== session.csrfToken) throw unauthorized();
    const login = platform.login(session.login.name, session.login.secret);
    if (!login) throw unauthorized();
    answeredBy(request, login.orgs[0]);
    return { login, sessionId };
  }
  const [, encoded] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [, name, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  const login = name !== undefined && secret !== undefined ? platform.login(name, secret) : undefined;
  // Basic authentication is only for API keys.
  if (login?.kind !== 'apikey') throw unauthorized();
  answeredBy(request, login.orgs[0]);
  return { login, sessionId: undefined };
}

export function unauthorized(): PlatformError {
  return new PlatformError(401, 'Unauthorized');
}
