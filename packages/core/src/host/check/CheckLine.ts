import { surroundings } from '@soar-feed/soar-client';
import type { ConfigIssue } from '../../contract/errors.js';
import { messageOf } from '../../trouble/messageOf.js';

/** What is checked, in this order. */
export type CheckSubject =
  'config' | 'packages' | 'state' | 'log' | 'monitoring' | 'source' | 'types' | 'queue' | 'destination' | 'target';

/** The result of one check. */
export interface CheckLine {
  readonly subject: CheckSubject;
  /** The feed, for a target. */
  readonly feed?: string;
  /** `warn`: the host would start, but something may not work as intended. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly detail: string;
  /** What to do, where `detail` does not say it. */
  readonly advice?: string;
  readonly code?: string;
}

/** Longest wait for one answer while checking, ms. */
export const PATIENCE_MS = 15_000;

/** A problem of the file, in a line. */
export function sentence({ section, key, problem }: ConfigIssue): string {
  return `[${section}] ${key === undefined ? '' : `${key}: `}${problem}`;
}

/** The line for an error. */
export function failure(subject: CheckSubject, error: unknown): CheckLine {
  const detail = messageOf(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  const advice = code === undefined ? undefined : ADVICE.get(code);
  return {
    subject,
    state: 'fail',
    detail,
    ...(code === undefined ? {} : { code }),
    ...(advice === undefined ? {} : { advice }),
  };
}

const ADVICE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'connection-refused': 'Check host and port, and that the server is up.',
    'connect-timeout': 'Check host and port, and that no firewall stands between.',
    'host-not-found': 'Check the host name, or the name server of this machine.',
    'broker-not-ready': 'The broker is up and cannot check logins yet; try again in a minute.',
    unauthorized: 'Check the login: the API key and its secret, or e-mail and password.',
    forbidden: 'Give the account the permission; an API key needs "Read" on the organization\'s data.',
  }),
);

/** Resolves as `work` does; rejects when that takes too long. */
export async function within<T>(work: Promise<T>): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = surroundings().startTimer(PATIENCE_MS, () =>
      reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
