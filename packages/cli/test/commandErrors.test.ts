import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCE = `${REPOSITORY}packages/cli/src`;

/** The text of each `new UsageError(...)`; what is filled in is `…`. */
function messages(): readonly string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(`${SOURCE}/${file}`, 'utf8');
    return [...text.matchAll(/new UsageError\(\s*(['"`])/g)].map((match) => {
      const quote = match[1] ?? '';
      return literal(text, (match.index ?? 0) + match[0].length, quote);
    });
  });
}

/** Reads a literal to its end; a placeholder may hold other literals. */
function literal(text: string, from: number, quote: string): string {
  let read = '';
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('\\', at)) {
      read += text[at + 1] === 'n' ? '\n' : text[at + 1];
      at += 1;
    } else if (quote === '`' && text.startsWith('${', at)) {
      read += '…';
      for (let depth = 1, inner = at + 2; ; inner += 1) {
        if (text[inner] === '{') depth += 1;
        if (text[inner] === '}') depth -= 1;
        if (depth > 0) continue;
        at = inner;
        break;
      }
    } else if (text[at] === quote) return read;
    else read += text[at];
  }
  throw new Error(`A literal without end: ${read.slice(0, 80)}`);
}

/** The phrases in the first column of the table about the command line. */
function phrases(): readonly string[] {
  const page = readFileSync(`${REPOSITORY}docs/errors.md`, 'utf8');
  const [, section = ''] = /^## The command line\n(.*?)^## /ms.exec(page) ?? [];
  const cells = [...section.matchAll(/^\| (`[^|]*\S) *\|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, phrase = '']) => phrase));
}

describe('docs/errors.md', () => {
  it('has a line for everything that a command line may be refused for, and for nothing else', () => {
    const all = messages();
    expect(all.length).toBeGreaterThan(40);
    const known = phrases();
    // Messages that another part wrote pass through as they are.
    const own = all.filter((message) => /\w{3}/.test(message));
    expect(own.filter((message) => !known.some((phrase) => message.includes(phrase)))).toEqual([]);
    expect(known.filter((phrase) => !all.some((message) => message.includes(phrase)))).toEqual([]);
  });
});
