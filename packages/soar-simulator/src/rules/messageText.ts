import { writeJson } from '../json/writeJson.js';
/**
 * JSON text of a message. JSON.stringify escapes lone surrogates (half an emoji, cut by a length limit); `raw` leaves
 * them in the text as they are, and the broker sends each as three bytes.
 */
export function messageText(body: unknown, loneSurrogates: 'escaped' | 'raw'): string {
  const text = writeJson(body);
  if (loneSurrogates === 'escaped') return text;
  return text.replaceAll(/\\\\|\\u(d[89a-f][0-9a-f]{2})/g, (match, code: string | undefined) =>
    code === undefined ? match : String.fromCharCode(parseInt(code, 16)),
  );
}
