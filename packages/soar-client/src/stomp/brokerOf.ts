import type { Dial } from '../connect/Dial.js';
import { bareHost } from '../connect/hostName.js';
import type { SoarConnection } from '../connect/SoarConnection.js';
import { trustOf } from '../connect/trust.js';
import type { Trust } from '../connect/trust.js';
import { SoarApiError } from '../rest/SoarApiError.js';

/** The message broker of a server: the same account, another port. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  readonly login: string;
  readonly passcode: string;
  readonly trust: Trust;
  readonly connectTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxMessageBytes: number;
  /** Opens its connections; absent: `tls.connect`. */
  readonly dial?: Dial | undefined;
}

/** Throws SoarApiError if the account or the `cafile` is missing. */
export function brokerOf(connection: SoarConnection, dial?: Dial): Broker {
  const { stomp = {} } = connection;
  const hasKey = connection.apiKeyId !== undefined && connection.apiKeySecret !== undefined;
  const login = hasKey ? connection.apiKeyId : connection.email;
  const passcode = hasKey ? connection.apiKeySecret : connection.password;
  const host = bareHost(stomp.host ?? connection.host);
  if (login === undefined || passcode === undefined) {
    throw new SoarApiError(`No login for the queues of ${host}: give an API key, or e-mail and password.`, {
      code: 'no-login',
    });
  }
  return {
    host,
    port: stomp.port ?? 65_001,
    login,
    passcode,
    trust: trustOf(stomp.cafile ?? connection.cafile),
    connectTimeoutMs: stomp.connectTimeoutMs ?? 30_000,
    heartbeatMs: stomp.heartbeatMs ?? 15_000,
    maxMessageBytes: stomp.maxMessageBytes ?? 32 * 1024 * 1024,
    dial,
  };
}
