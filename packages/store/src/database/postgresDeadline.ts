import { connect } from 'node:net';
import { surroundings } from '@soar-feed/core';

/** The part of a `pg` connection that is needed here. */
export interface PgConnection {
  readonly processID?: number | null;
  readonly secretKey?: number | null;
  readonly host?: string;
  readonly port?: number;
  readonly connection: { readonly stream: { destroy(error?: Error): void } };
  query(...args: readonly unknown[]): unknown;
}

type Answer = (error: Error | null, response?: unknown) => void;

/** Protocol manual, "Canceling Requests in Progress". */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_TIMEOUT_MS = 2_000;

/**
 * Gives every statement of the connection a deadline. A server that no longer answers may keep the socket open for
 * hours: so the connection is dropped, and the server is asked to cancel the statement, which may wait for a lock. The
 * deadline is on our side only: a timeout set in the session would pass to the next user of a pooler's connection.
 */
export function setDeadline(connection: PgConnection, timeoutMs: number): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: readonly unknown[]) => {
    const answer = args.at(-1);
    if (typeof answer !== 'function') return query(...args);
    const cancel = surroundings().startTimer(timeoutMs, () => giveUp(connection, timeoutMs));
    const answered: Answer = (error, response) => {
      cancel();
      (answer as Answer)(error, response);
    };
    return query(...args.slice(0, -1), answered);
  };
}

/** How long a transaction may wait for its client, ms. Shorter than a lease lasts: a host that is gone must not lock the next one out. */
const IDLE_MS = 20_000;

/**
 * Lets the server end a transaction whose client has fallen silent, with the locks that it holds. Without that, a host that
 * lost its power or was frozen in the middle of one would keep them for hours. Only for the transaction: a session may be
 * another's next, behind a pooler.
 */
export function endIdle(connection: PgConnection): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: readonly unknown[]) => {
    const [asked, ...rest] = args;
    const isBegin = typeof asked === 'object' && asked !== null && 'text' in asked && asked.text === 'BEGIN;';
    if (!isBegin) return query(...args);
    return query({ ...asked, text: `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}` }, ...rest);
  };
}

/** Runs every statement of the connection in a read-only transaction. */
export function setReadOnly(connection: PgConnection): void {
  const query = connection.query.bind(connection);
  connection.query = (...args: readonly unknown[]) => {
    const last = args.at(-1);
    if (typeof last !== 'function') return query(...args);
    const answer = last as Answer;
    const work: Answer = (failed, response) => query('END', (error: Error | null) => answer(failed ?? error, response));
    return query('BEGIN READ ONLY', (error: Error | null) =>
      error === null ? query(...args.slice(0, -1), work) : answer(error),
    );
  };
}

function giveUp(connection: PgConnection, timeoutMs: number): void {
  askToCancel(connection);
  const error = new Error(`no answer within ${timeoutMs / 1000} s`);
  connection.connection.stream.destroy(Object.assign(error, { code: 'STORE_TIMEOUT' }));
}

/** The server may be gone, so nothing waits for it. */
function askToCancel({ processID, secretKey, host, port }: PgConnection): void {
  if (typeof processID !== 'number' || typeof secretKey !== 'number' || host === undefined || port === undefined)
    return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('connect', () => socket.end(request));
  socket.unref();
}
