import type { ConfigIssue } from '../contract/errors.js';

/** Feed names by workspace label. Labels are compared exactly, as IBM does. */
export type Workspaces = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `[feeds] workspaces`: the body of a Python dict without its braces, such as `"Default Workspace": ["sql_feed"],
 * 'B': ['x', "y"], "C": "one"`.
 *
 * A single text means exactly that feed. IBM tests for a substring there, a defect by which `"file_feed_2"` also feeds
 * `file_feed`. At a syntax error (typographic quotes, as in its own guide), IBM switches the filter off, which sends
 * everything everywhere; here the issue must stop the start.
 */
export function parseWorkspaces(text: string): {
  readonly workspaces: Workspaces;
  readonly issues: readonly ConfigIssue[];
} {
  try {
    return { workspaces: readWorkspaces(text), issues: [] };
  } catch (error) {
    if (!(error instanceof WorkspacesError)) throw error;
    return { workspaces: new Map(), issues: [{ section: 'feeds', key: 'workspaces', problem: error.message }] };
  }
}

/** The same for a `field`: throws an `Error` that says what is wrong and where. */
export function readWorkspaces(text: string): Workspaces {
  return new Reader(text).entries();
}

const EXAMPLE = 'write it as "Default workspace": ["feed_one", "feed_two"], "Other": ["feed_one"]';

class WorkspacesError extends Error {}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  entries(): Workspaces {
    const workspaces = new Map<string, readonly string[]>();
    for (;;) {
      this.skipSpace();
      if (this.at >= this.text.length) break;
      const start = this.at;
      const label = this.string('a workspace label');
      if (workspaces.has(label)) this.fail(`the workspace ${JSON.stringify(label)} stands a second time`, start);
      this.expect(':', 'after the workspace label');
      workspaces.set(label, this.feeds());
      this.skipSpace();
      if (this.at >= this.text.length) break;
      this.expect(',', 'between two workspaces');
    }
    if (workspaces.size === 0) this.fail('no workspace stands in it', 0);
    return workspaces;
  }

  private feeds(): readonly string[] {
    this.skipSpace();
    // A tuple of one needs its comma in Python: ("a") is a text in brackets, which means the same here.
    const close = { '[': ']', '(': ')' }[this.peek()];
    if (close === undefined) return [this.string('a list of feeds')];
    this.at += 1;
    const feeds: string[] = [];
    for (;;) {
      this.skipSpace();
      if (this.peek() === close) break;
      feeds.push(this.string(`a feed name or "${close}"`));
      this.skipSpace();
      if (this.peek() !== close) this.expect(',', `between two feeds (or "${close}" after the last)`);
    }
    this.at += 1;
    return feeds;
  }

  private string(what: string): string {
    this.skipSpace();
    const quote = this.peek();
    if (quote !== '"' && quote !== "'") this.fail(`${what} in quotes is expected, but ${this.found()} stands there`);
    const start = this.at;
    this.at += 1;
    let value = '';
    while (this.peek() !== quote) {
      // A line may end inside brackets, but not inside quotes, as in Python.
      if (this.at >= this.text.length || this.peek() === '\n') this.fail(`the quote ${quote} is never closed`, start);
      value += this.peek() === '\\' ? this.escape() : this.peek();
      this.at += 1;
    }
    this.at += 1;
    return value;
  }

  /** Begins at the backslash and ends at the last character of the escape. */
  private escape(): string {
    const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
      this.text.slice(this.at, this.at + 10),
    );
    if (hex !== null) {
      const code = parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
      if (code > 0x10_ff_ff) this.fail('the escape names no character');
      this.at += hex[0].length - 1;
      return String.fromCodePoint(code);
    }
    const next = this.text.charAt(this.at + 1);
    this.at += 1;
    // Python keeps the backslash of an escape it does not know.
    return ESCAPES.get(next) ?? `\\${next}`;
  }

  private expect(character: string, where: string): void {
    this.skipSpace();
    if (this.peek() !== character) this.fail(`"${character}" is expected ${where}, but ${this.found()} stands there`);
    this.at += 1;
  }

  private found(): string {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    if (this.at >= this.text.length) return 'the end';
    if (/[\u2018-\u201f\u00ab\u00bb\u2039\u203a]/.test(character))
      return `the typographic quote ${character} (use " or ')`;
    return JSON.stringify(character);
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private skipSpace(): void {
    while (/\s/.test(this.peek())) this.at += 1;
  }

  private fail(problem: string, at = this.at): never {
    throw new WorkspacesError(`${problem} (at character ${at + 1}); ${EXAMPLE}`);
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\n', ''],
]);
