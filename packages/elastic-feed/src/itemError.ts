import { PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { FeedError } from '@soar-feed/core';
import { isReadOnly, readOnly, statusOnly } from './toFeedError.js';

export interface BulkItem {
  readonly status: number;
  readonly result?: string;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

/**
 * Why one document was refused. The server's reason is not passed on, because it quotes the value; only the field's name and
 * type are taken from it.
 */
export function itemError({ status, error }: BulkItem, index: string): FeedError {
  const type = /^\w{1,80}$/.test(error?.type ?? '') ? error?.type : 'no reason';
  const problem = `The index ${index} refused the document: ${status} (${type})`;
  const details = { code: `elastic-${status}` };
  if (isReadOnly(error?.type, status)) return readOnly(`The index ${index} refused the document`);
  if (status === 429) return new RetryableError(`${problem}: the server is busy.`, { code: 'elastic-busy' });
  if (status === 401 || status === 503) return new UnavailableError(`${problem}.`, details);
  if (status >= 500 || error?.type === 'index_not_found_exception') return new RetryableError(`${problem}.`, details);
  if (status === 403)
    return new PermanentError(`${problem}; may this login write to it?`, { ...details, cause: statusOnly(403) });
  return new PermanentError(`${problem}${fieldOf(error?.reason)}.`, { code: 'elastic-refused' });
}

function fieldOf(reason = ''): string {
  const [, field, type] = /field \[([\w.-]{1,255})\](?: of type \[(\w{1,40})\])?/.exec(reason) ?? [];
  if (field === undefined) return '';
  return `, for its field ${field}${type === undefined ? '' : ` of type ${type}`}`;
}
