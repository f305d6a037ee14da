import { StompProtocolError, type StompVersion } from './Frame.js';

/** STOMP 1.0 has no escapes, 1.1 has no `\r`, and CONNECT/CONNECTED are never escaped (STOMP 1.2, "Value Encoding"). */
export function escapeHeader(text: string, version: StompVersion): string {
  if (version === '1.0' || !/[\\\r\n:]/.test(text)) return text;
  return text.replace(/[\\\r\n:]/g, (character) =>
    character === '\r' && version === '1.1' ? character : (escapes[character] ?? character),
  );
}

/** @throws StompProtocolError for an escape that the version does not define */
export function unescapeHeader(text: string, version: StompVersion): string {
  if (version === '1.0' || !text.includes('\\')) return text;
  return text.replace(/\\([\s\S]?)/g, (whole, letter: string) => {
    const character = letter === 'r' && version === '1.1' ? undefined : characters[letter];
    if (character === undefined) throw new StompProtocolError(`Undefined escape sequence ${whole} in a header`);
    return character;
  });
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' };
const characters: Readonly<Record<string, string>> = { '\\': '\\', r: '\r', n: '\n', c: ':' };
