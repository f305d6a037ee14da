import type { StompVersion } from './Frame.js';
import { escapeHeader } from './headerEscapes.js';

/**
 * The bytes of one frame. Adds no `content-length`: with one, ActiveMQ would treat a SEND as a BytesMessage, and
 * ActiveMQ itself sends none with a text MESSAGE. If a body contains NUL, the caller must set the header.
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
