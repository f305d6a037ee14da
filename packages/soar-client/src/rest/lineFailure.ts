import { placeOf } from '../connect/hostName.js';
import { endpointOf } from './endpointOf.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarApiErrorFacts } from './SoarApiError.js';
import type { SoarRequest } from './SoarRequest.js';
import { tlsProblem } from './tlsProblem.js';
import type { Seen } from './watchedTransport.js';

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
  if (seen.proxyStatus !== undefined) {
    return failed(`the proxy refused the connection (${seen.proxyStatus}); check \`proxy\`.`, {
      code: 'proxy-refused',
      // A proxy that wants another password, or does not let us pass, needs a person.
      retryable: seen.proxyStatus >= 500,
      unavailable: true,
    });
  }
  if (cause instanceof Error && cause.name === 'TypeError') {
    return failed(`the request cannot be sent (${cause.message})`, { code: 'unsendable-request' });
  }
  if (isTooLarge(cause)) {
    const what = `the answer is larger than \`max_answer\` allows${unknown}`;
    return failed(what, { code: 'answer-too-large', outcomeUnknown });
  }
  if (!seen.sent) return failed(...unreachable(cause, host, seen.timedOut));
  if (seen.timedOut) {
    return failed(`no answer in time${unknown}`, { code: 'timeout', retryable: true, outcomeUnknown });
  }
  return failed(`the connection was lost before the whole answer arrived (${reasonOf(cause)})${unknown}`, {
    code: 'connection-lost',
    retryable: true,
    outcomeUnknown,
  });
}

function unreachable(cause: unknown, host: string, timedOut: boolean): [string, Omit<SoarApiErrorFacts, 'cause'>] {
  const facts = { retryable: true, unavailable: true };
  if (timedOut) return ['no connection in time', { ...facts, code: 'connect-timeout' }];
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

/** axios' words where `maxContentLength` is passed; it has no code of its own for that. */
function isTooLarge(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('maxContentLength size of ');
}

function codeOf(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function reasonOf(cause: unknown): string {
  return codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}
