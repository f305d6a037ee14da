import { placeOf } from '../connect/hostName.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import { tlsProblem } from '../rest/tlsProblem.js';
import type { Broker } from './brokerOf.js';

/** Waiting does not fix these: the queue fails until a person has changed something. */
const FINAL = new Set(['queue-login-refused', 'queue-not-authorized', 'no-login', 'file-unreadable']);

export function isFinal(error: SoarApiError): boolean {
  return FINAL.has(error.code);
}

/** An ERROR frame of the broker (ActiveMQ's and IBM's wordings). */
export function errorFrameFailure(broker: Broker, said: string, destination: string | undefined): SoarApiError {
  const words = (said.split('\n')[0] ?? '').trim().slice(0, 300);
  if (/unable to connect to authentication service/i.test(said)) {
    return failure(broker, `the broker cannot check logins now (${words})`, 'broker-not-ready', true);
  }
  if (/not authorized to (create|read)/i.test(said)) {
    return failure(
      broker,
      `this account may not read the queue ${destination ?? ''}: it does not exist, or the account is not listed among ` +
        `the users or API keys of its message destination (${words})`,
      'queue-not-authorized',
      false,
    );
  }
  if (/password is invalid|authentication failed|invalid (user|login|credentials)|SecurityException/i.test(said)) {
    return failure(
      broker,
      `the broker refused the login: check the API key and its secret (${words})`,
      'queue-login-refused',
      false,
    );
  }
  return failure(broker, `the broker refused: ${words}`, 'broker-error', true);
}

/** The connection failed, or could not be established. */
export function socketFailure(broker: Broker, cause: unknown): SoarApiError {
  const tls = tlsProblem(cause, broker.host);
  if (tls !== undefined) return failure(broker, tls.what, tls.code, false, cause);
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
  if (code === 'ECONNREFUSED') return failure(broker, 'connection refused', 'connection-refused', true, cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failure(broker, 'the host name cannot be resolved', 'host-not-found', true, cause);
  }
  return failure(broker, `the connection failed (${reason})`, 'connection-lost', true, cause);
}

export function silenceFailure(broker: Broker): SoarApiError {
  return failure(broker, `no heart-beat for ${2 * broker.heartbeatMs} ms`, 'heartbeat-lost', true);
}

export function tooLateFailure(broker: Broker): SoarApiError {
  return failure(broker, `no session within ${broker.connectTimeoutMs} ms`, 'connect-timeout', true);
}

export function closedFailure(broker: Broker): SoarApiError {
  return failure(broker, 'the broker closed the connection', 'connection-lost', true);
}

function failure(
  { host, port }: Broker,
  what: string,
  code: string,
  retryable: boolean,
  cause?: unknown,
): SoarApiError {
  return new SoarApiError(`STOMP ${placeOf(host, port)}: ${what}`, {
    code,
    retryable,
    unavailable: true,
    details: { host, port },
    cause,
  });
}
