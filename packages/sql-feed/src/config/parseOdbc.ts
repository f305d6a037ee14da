/** One keyword of an ODBC connection string. */
export interface OdbcWord {
  /** As written. */
  readonly name: string;
  readonly value: string;
}

/** What `odbc_connect` says. */
export interface OdbcText {
  readonly text: string;
  /** Absent: it is no list of `name=value`; Oracle takes a service name or a descriptor. */
  readonly words?: readonly OdbcWord[];
}

/** `name=value` pairs between `;`. A value that holds a `;` is in braces, where `}}` stands for `}`. */
const PAIR = /\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}\s*|([^;]*))\s*(?:;|$)/gy;

export function parseOdbc(given: string): OdbcText {
  const text = given.trim();
  if (text.startsWith('(')) return { text };
  const words: OdbcWord[] = [];
  let end = 0;
  for (const pair of text.matchAll(PAIR)) {
    const [whole, name = '', braced, plain] = pair;
    end = pair.index + whole.length;
    words.push({ name, value: braced?.replaceAll('}}', '}') ?? plain?.trim() ?? '' });
  }
  return words.length === 0 || /[^;\s]/.test(text.slice(end)) ? { text } : { text, words };
}
