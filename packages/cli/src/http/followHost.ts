import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { parseJson, StoreError } from '@soar-feed/core';
import { unreachable } from './askHost.js';

/** The lines of a stream of the host behind this control socket; see `followHost`. */
export type HostLines<T> = AsyncIterable<T>;

/**
 * Opens a stream of JSON lines at the host behind this control socket; `undefined` if no host runs. It ends when the host ends
 * it, or at `signal`. Throws `StoreError` if the host refuses, or if the socket belongs to another user.
 */
export async function followHost<T>(
  socketPath: string,
  path: string,
  signal: AbortSignal,
): Promise<HostLines<T> | undefined> {
  const response = await open(socketPath, path, signal).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return undefined;
    throw unreachable(socketPath, error);
  });
  if (response === undefined) return undefined;
  if (response.statusCode !== 200) throw await refusalOf(response);
  return linesOf<T>(response);
}

function open(socketPath: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, signal }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

async function refusalOf(response: IncomingMessage): Promise<StoreError> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  const { error = `The running host answered with ${response.statusCode}.`, code = 'host-refused' } = parseJson(
    text,
  ) as {
    readonly error?: string;
    readonly code?: string;
  };
  return new StoreError(error, { code });
}

/** A host that was killed ends the stream, too: its connection is reset. */
async function* linesOf<T>(response: IncomingMessage): AsyncGenerator<T> {
  response.on('error', () => undefined);
  let rest = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parseJson(line) as T;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ECONNRESET' && code !== 'ABORT_ERR') throw error;
  }
}
