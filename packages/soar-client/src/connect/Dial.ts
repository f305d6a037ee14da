import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';

/**
 * Opens a connection to `host` and `port`, for REST and STOMP alike, in place of Node's `tls.connect`. The stream emits
 * `secureConnect` when it is established and its peer is verified, `error` and `close` when it is lost; its `encrypted` is
 * true. HTTP also calls `setTimeout`, `setKeepAlive`, `setNoDelay`, `ref` and `unref`, as on any socket.
 */
export type Dial = (options: ConnectionOptions) => Duplex;
