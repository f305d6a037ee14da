import { FeedError } from '@soar-feed/core';
import { exitCodes } from './exitCodes.js';
import type { Ending } from './exitCodes.js';

/** Codes of soar-client that call for different actions of a person. */
const BY_CODE: ReadonlyMap<string, Ending> = new Map(
  Object.entries({
    unauthorized: 'loginRefused',
    forbidden: 'loginRefused',
    'no-login': 'loginRefused',
    'no-principal': 'loginRefused',
    'file-unreadable': 'fileUnreadable',
    'untrusted-certificate': 'tls',
    'certificate-for-another-host': 'tls',
    'certificate-out-of-date': 'tls',
    'tls-failed': 'tls',
    'no-org': 'organization',
    'org-disabled': 'organization',
    'org-not-set': 'organization',
    'org-not-found': 'organization',
    'queue-login-refused': 'queueLoginRefused',
    'queue-not-authorized': 'queueNotAuthorized',
    'queue-missing': 'queueAway',
    'broker-not-ready': 'queueAway',
    'broker-error': 'queueAway',
    'heartbeat-lost': 'queueAway',
  } as const),
);

const BY_STORE_CODE = new Map<string, Ending>([
  ['store-login', 'storeLogin'],
  ['store-tls', 'storeTls'],
]);

/** The exit code for what a command threw. */
export function exitCodeOf(error: unknown): number {
  if (FeedError.is(error)) {
    if (error.kind === 'config') return exitCodes.config.code;
    if (error.kind === 'target-load') return exitCodes.targetPackage.code;
    if (error.kind === 'store') return exitCodes[BY_STORE_CODE.get(error.code) ?? 'store'].code;
    if (error.code === 'import-refused') return exitCodes.notCustomized.code;
    if (error.kind === 'permanent') return exitCodes.nothingDone.code;
    if (error.kind === 'unavailable') return exitCodes.targetDown.code;
  }
  if (isSoarApiError(error)) return exitCodes[BY_CODE.get(error.code) ?? 'sourceAway'].code;
  return exitCodes.unexpected.code;
}

/** The exit code for a line of a check that failed, by where and as what. */
export function exitCodeOfCheck(subject: string, code: string | undefined): number {
  switch (subject) {
    case 'config':
    case 'log':
      return exitCodes.config.code;
    case 'packages':
      return exitCodes.targetPackage.code;
    case 'state':
      return exitCodes.store.code;
    case 'target':
      return exitCodes.targetDown.code;
    default:
      return exitCodes[BY_CODE.get(code ?? '') ?? (subject === 'queue' ? 'queueAway' : 'sourceAway')].code;
  }
}

/**
 * Whether the source, or another organization, said it. It is told by its fields: the command line knows the engine, not the client
 * below it.
 */
export function isSoarApiError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'outcomeUnknown' in error && 'code' in error && typeof error.code === 'string';
}
