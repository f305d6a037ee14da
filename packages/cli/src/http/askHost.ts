import { request } from 'node:http';
import { PermanentError, StoreError, UnavailableError, parseJson, writeJson } from '@soar-feed/core';
import type { FeedErrorKind } from '@soar-feed/core';
import { UsageError } from '../UsageError.js';

export interface HostQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

interface Refusal {
  readonly error?: string;
  readonly code?: string;
  /** What the host threw; the command ends as if it had been thrown here. */
  readonly kind?: FeedErrorKind | 'usage';
}

/**
 * Asks the host behind this control socket; `undefined` if no host runs. Throws `StoreError` if the host refuses, or if
 * the socket belongs to another user.
 */
export async function askHost<T>(socketPath: string, { method, path, body }: HostQuestion): Promise<T | undefined> {
  const answer = await send(socketPath, method, path, body === undefined ? '' : writeJson(body)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return undefined;
      throw unreachable(socketPath, error);
    },
  );
  if (answer === undefined) return undefined;
  const content = parseJson(answer.text) as T & Refusal;
  if (answer.status === 200) return content;
  const { error = `The running host answered with ${answer.status}.`, code = 'host-refused', kind } = content;
  if (kind === 'usage') throw new UsageError(error);
  if (kind === 'permanent') throw new PermanentError(error, { code });
  if (kind === 'unavailable') throw new UnavailableError(error, { code });
  throw new StoreError(error, { code });
}

export function unreachable(socketPath: string, error: NodeJS.ErrnoException): StoreError {
  const advice = error.code === 'EACCES' ? 'run this as the user that runs soar-feed.' : 'see the log of the host.';
  return new StoreError(`The host at ${socketPath} cannot be reached (${error.code ?? error.message}): ${advice}`, {
    code: 'host-unreachable',
    cause: error,
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(socketPath: string, method: string, path: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
