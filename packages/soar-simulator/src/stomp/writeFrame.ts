import type { StompVersion } from './Frame.js';
import { escapeHeader } from './headerEscapes.js';

/**
 * The bytes of one frame. No `content-length` is added: with one, ActiveMQ would make a BytesMessage of a SEND, and it
 * gives none with a text MESSAGE. A body that contains NUL needs the header from its caller.
 */
export function writeFrame(
  command: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer = Buffer.alloc(0),
  version: StompVersion = '1.2',
): Buffer {
  const spoken = command === 'CONNECT' || command === 'CONNECTED' ? '1.0' : version;
  let head = `${command}\n`;
  for (const [name, value] of Object.entries(headers)) {
    head += `${escapeHeader(name, spoken)}:${escapeHeader(value, spoken)}\n`;
  }
  return Buffer.concat([Buffer.from(`${head}\n`), body, endOfFrame]);
}

export const heartBeat = Buffer.from('\n');

const endOfFrame = Buffer.from([0]);
