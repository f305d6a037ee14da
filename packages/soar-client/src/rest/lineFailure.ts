import { placeOf } from '../connect/hostName.js';
import { ProxyRefused } from '../connect/openTunnel.js';
import { TimedOut } from '../connect/TimedOut.js';
import { endpointOf } from './endpointOf.js';
import type { Seen } from './Exchange.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarApiErrorFacts } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';
import { AnswerTooLarge } from './textOf.js';
import { tlsProblem } from './tlsProblem.js';

/** A request without a whole answer: why, and whether the server may have seen it. */
export function lineFailure(
  request: SoarRequest,
  { host, port }: { readonly host: string; readonly port: number },
  thrown: unknown,
  seen: Seen,
  sourceFailure?: SoarApiError,
): SoarApiError {
  // An incomplete form cannot have been accepted: the outcome is known.
  if (sourceFailure !== undefined) return sourceFailure;
  const cause = rootOf(thrown);
  const failed = (what: string, facts: Omit<SoarApiErrorFacts, 'cause'>): SoarApiError =>
    new SoarApiError(`${endpointOf(request)} at ${placeOf(host, port)}: ${what}`, {
      cause,
      details: { host, port },
      ...facts,
    });
  const outcomeUnknown = seen.sent && request.effect !== 'read';
  const unknown = outcomeUnknown ? '; whether it was done is unknown' : '';

  if (request.signal?.aborted) {
    return failed(`cancelled by the caller${unknown}`, { code: 'aborted', retryable: true, outcomeUnknown });
  }
  if (cause instanceof ProxyRefused) {
    return failed(`the proxy refused the connection (${cause.status}); check \`proxy\`.`, {
      code: 'proxy-refused',
      // A proxy that wants another password, or does not let us pass, needs a person.
      retryable: cause.status >= 500,
      unavailable: true,
    });
  }
  if (cause instanceof Error && (cause.name === 'TypeError' || codeOf(cause) === 'UND_ERR_INVALID_ARG')) {
    return failed(`the request cannot be sent (${cause.message})`, { code: 'unsendable-request' });
  }
  if (cause instanceof AnswerTooLarge) {
    const what = `the answer is larger than \`max_answer\` allows${unknown}`;
    return failed(what, { code: 'answer-too-large', outcomeUnknown });
  }
  if (!seen.sent) return failed(...unreachable(cause, host));
  if (cause instanceof TimedOut) {
    return failed(`no answer in time${unknown}`, { code: 'timeout', retryable: true, outcomeUnknown });
  }
  return failed(`the connection was lost before the whole answer arrived (${reasonOf(cause)})${unknown}`, {
    code: 'connection-lost',
    retryable: true,
    outcomeUnknown,
  });
}

function unreachable(cause: unknown, host: string): [string, Omit<SoarApiErrorFacts, 'cause'>] {
  const facts = { retryable: true, unavailable: true };
  if (cause instanceof TimedOut) return ['no connection in time', { ...facts, code: 'connect-timeout' }];
  const tls = tlsProblem(cause, host);
  if (tls !== undefined) return [tls.what, { ...facts, code: tls.code, retryable: false }];
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') return ['connection refused', { ...facts, code: 'connection-refused' }];
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return ['the host name cannot be resolved', { ...facts, code: 'host-not-found' }];
  }
  return [`cannot connect (${reasonOf(cause)})`, { ...facts, code: 'connect-failed' }];
}

/** What Node threw. axios' own errors hold the whole request, including credentials, and must not be passed on. */
function rootOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('isAxiosError' in thrown)) return thrown;
  const { cause } = thrown;
  if (cause instanceof Error && !('isAxiosError' in cause)) return cause;
  return Object.assign(new Error(thrown.message), { code: codeOf(thrown) });
}

function codeOf(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  // undici's own codes say less than its words.
  if (code !== undefined && !code.startsWith('UND_ERR_')) return code;
  return cause instanceof Error ? cause.message : String(cause);
}
