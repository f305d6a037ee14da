import type { Org, Principal } from '../model/Org.js';
import type { SessionDto, SessionOrgDto } from '../model/SessionDto.js';
import { HttpLine } from '../rest/HttpLine.js';
import type { RepeatPolicy } from '../rest/repeatWhileSafe.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import { SoarRest } from '../rest/SoarRest.js';
import { ApiKeyLogin } from './ApiKeyLogin.js';
import { bareHost, placeOf } from './hostName.js';
import { chooseOrg } from './chooseOrg.js';
import type { ConnectOptions } from './ConnectOptions.js';
import type { Login } from './Login.js';
import { PasswordLogin } from './PasswordLogin.js';
import { poolFor } from './poolFor.js';
import { ServerClock } from './ServerClock.js';
import type { SoarConnection } from './SoarConnection.js';

const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface OpenSession {
  readonly rest: SoarRest;
  readonly clock: ServerClock;
  readonly org: Org;
  readonly principal: Principal;
  /** See `SoarClient.logIn`. */
  logIn(connection: SoarConnection, signal?: AbortSignal): Promise<void>;
  close(): void;
}

interface OpeningLogin extends Login {
  /** Logs in and returns what the server reports about our account. */
  open(signal?: AbortSignal): Promise<SessionDto>;
}

/** Logs in, chooses the organization and reads its settings. Closes the connection if any of this fails. */
export async function openSession(connection: SoarConnection, options: ConnectOptions): Promise<OpenSession> {
  const { host, port = 443, maxAnswerBytes = MAX_ANSWER_BYTES } = connection;
  const resourcePrefix = (connection.resourcePrefix ?? '').replace(/\/+$/, '');
  const line = new HttpLine({
    origin: `https://${placeOf(host, port)}`,
    host: bareHost(host),
    port,
    pool: poolFor(connection, options.dial),
    userAgent: connection.userAgent ?? 'soar-client',
    maxAnswerBytes,
    maxRetryAfterMs: connection.maxRetryAfterMs ?? 300_000,
    admission: options.admission,
  });
  const clock = new ServerClock();
  try {
    const policy = { ...(connection.retries ?? { max: 2, delayMs: 500, backoff: 2 }), onRetry: options.onRetry };
    const setup = { line, policy, path: `${resourcePrefix}/rest/session` };
    const login = loginFor(connection, setup);
    const session = await login.open(options.signal);
    const chosen = chooseOrg(session, connection);
    const rest = new SoarRest({
      line,
      login,
      resourcePrefix,
      orgId: chosen.id,
      policy,
      clock,
      maxAnswerBytes,
      contextToken: options.contextToken,
      intercept: options.intercept,
    });
    const actionsFrameworkEnabled = await hasActionsFramework(rest, options);
    const principal = principalOf(session, connection);
    return {
      rest,
      clock,
      org: orgOf(chosen, actionsFrameworkEnabled),
      principal,
      async logIn(renewed, signal) {
        const next = loginFor(renewed, setup);
        const answer = await next.open(signal);
        const { id, type } = principalOf(answer, renewed);
        if (chooseOrg(answer, connection).id !== chosen.id || id !== principal.id || type !== principal.type)
          throw anotherAccount(host);
        rest.logInWith(next);
      },
      close: () => line.close(),
    };
  } catch (error) {
    line.close();
    throw error;
  }
}

function loginFor(
  { host, apiKeyId, apiKeySecret, email, password }: SoarConnection,
  setup: { readonly line: HttpLine; readonly policy: RepeatPolicy; readonly path: string },
): OpeningLogin {
  if (apiKeyId !== undefined && apiKeySecret !== undefined) {
    return new ApiKeyLogin({ ...setup, id: apiKeyId, secret: apiKeySecret });
  }
  if (email !== undefined && password !== undefined) return new PasswordLogin({ ...setup, email, password });
  throw new SoarApiError(
    `No login for ${host}: give an API key (\`apiKeyId\` and \`apiKeySecret\`), or \`email\` and \`password\`.`,
    { code: 'no-login' },
  );
}

/** If the organization itself cannot be read, for any reason, assume the queues of nearly every server. */
async function hasActionsFramework(rest: SoarRest, { signal, onUnread }: ConnectOptions): Promise<boolean> {
  try {
    const org = await rest.get<{ actions_framework_enabled?: unknown }>('', { signal });
    return org.actions_framework_enabled !== false;
  } catch (error) {
    if (signal?.aborted === true || !SoarApiError.is(error)) throw error;
    onUnread?.('the organization’s settings', error);
    return true;
  }
}

function orgOf(org: SessionOrgDto, actionsFrameworkEnabled: boolean): Org {
  return {
    id: org.id,
    name: org.name,
    ...(org.uuid ? { uuid: org.uuid } : {}),
    ...(org.cloud_account ? { cloudAccount: org.cloud_account } : {}),
    attachmentsEnabled: org.attachments_enabled !== false,
    incidentDeletionAllowed: org.incident_deletion_allowed === true,
    finalPhaseRequired: org.final_phase_required === true,
    actionsFrameworkEnabled,
  };
}

/** Who we are decides which changes are our own, so that cannot change while objects are on their way. */
function anotherAccount(host: string): SoarApiError {
  return new SoarApiError(`The new login at ${host} is another account; a restart is needed for that.`, {
    code: 'another-account',
  });
}

function principalOf(session: SessionDto, connection: SoarConnection): Principal {
  if (typeof session.user_id === 'number') {
    return { id: session.user_id, type: 'user', name: session.user_email ?? connection.email ?? '' };
  }
  if (typeof session.api_key_handle === 'number') {
    return { id: session.api_key_handle, type: 'apikey', name: session.display_name ?? connection.apiKeyId ?? '' };
  }
  throw new SoarApiError(
    `${connection.host} did not report who is logged in: its session has neither user_id nor api_key_handle.`,
    {
      code: 'no-principal',
    },
  );
}
