import { X509Certificate } from 'node:crypto';

const BEGIN = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const BLOCK = /^-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/;

/**
 * What is wrong with a text of certificates, and in which line: OpenSSL skips what it does not understand, and then
 * every connection would fail with an obscure error.
 */
export function pemFault(text: string): string | undefined {
  const begins = [...text.matchAll(BEGIN)];
  if (begins.length === 0) return 'no certificate in it';
  for (const [at, { index, 0: begin }] of begins.entries()) {
    const which = `certificate ${at + 1} (line ${text.slice(0, index).split('\n').length})`;
    const lineStart = text.lastIndexOf('\n', index) + 1;
    if (text.slice(lineStart, index).trim() !== '') {
      return `${which} begins in the middle of a line: insert a line break before -----BEGIN`;
    }
    if (begin !== '-----BEGIN CERTIFICATE-----') continue;
    const block = BLOCK.exec(text.slice(index, begins[at + 1]?.index))?.[0];
    if (block === undefined) return `${which} has no -----END CERTIFICATE-----`;
    try {
      new X509Certificate(block);
    } catch (error) {
      return `${which} is broken (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  return undefined;
}
