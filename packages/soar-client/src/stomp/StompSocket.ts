import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { StompSocketState } from '@stomp/stompjs';
import type { IStompSocket } from '@stomp/stompjs';
import type { Broker } from './brokerOf.js';
import { FrameGate } from './FrameGate.js';

type Listener = ((event?: unknown) => unknown) | null;

/** TCP notices a dead peer after this long, beside STOMP's own heart-beats. ms. */
const KEEP_ALIVE_MS = 15_000;

/** A TLS connection with the small WebSocket interface that stompjs needs: SOAR speaks STOMP over TLS. */
export class StompSocket implements IStompSocket {
  onopen: Listener = null;
  onmessage: Listener = null;
  onclose: Listener = null;
  onerror: Listener = null;
  binaryType = 'arraybuffer';
  readyState: StompSocketState = StompSocketState.CONNECTING;
  readonly url: string;
  private readonly socket: Duplex;
  private killed = false;

  constructor({ host, port, trust, maxMessageBytes, dial = overTls }: Broker) {
    this.url = `stomp+ssl://${host}:${port}`;
    this.socket = dial({ host, port, ...(isIP(host) ? {} : { servername: host }), ...trust });
    this.socket.once('secureConnect', () => {
      this.readyState = StompSocketState.OPEN;
      this.onopen?.();
    });
    const gate = new FrameGate(maxMessageBytes, (data) => this.onmessage?.({ data }));
    this.socket.on('data', (data: Buffer) => {
      try {
        gate.take(data);
      } catch (error) {
        this.socket.destroy(error as Error);
      }
    });
    this.socket.on('error', (error) => this.onerror?.(error));
    this.socket.on('close', (hadError?: boolean) => {
      this.readyState = StompSocketState.CLOSED;
      const code = this.killed ? 4001 : hadError ? 1006 : 1000;
      this.onclose?.({ wasClean: code === 1000, code, reason: '' });
    });
  }

  /** Data written to a closed connection is dropped: the broker will send the message again. */
  send(data: string | ArrayBuffer): void {
    if (this.readyState !== StompSocketState.OPEN) return;
    this.socket.write(typeof data === 'string' ? data : new Uint8Array(data));
  }

  close(): void {
    this.readyState = StompSocketState.CLOSING;
    this.socket.end();
  }

  terminate(): void {
    this.readyState = StompSocketState.CLOSING;
    this.killed = true;
    this.socket.destroy();
  }
}

function overTls(options: ConnectionOptions): Duplex {
  return connect(options).setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
}
