import { basename } from 'node:path';
import type { ConfigIssue } from '../contract/errors.js';
import type { RawValue, RawValues } from './RawValues.js';

export interface AppConfigSection {
  readonly name: string;
  /** Line of the header, from 1. */
  readonly line: number;
  /** The values of `[DEFAULT]` included. */
  readonly values: RawValues;
  /** Indented lines that look like keys but are a part of the value above them. */
  readonly continuations: readonly Continuation[];
}

/** A line `key=…` that is indented deeper than the key above it. */
export interface Continuation {
  readonly key: string;
  /** The key whose value it continues. */
  readonly of: string;
  readonly line: number;
}

export interface AppConfig {
  readonly file: string;
  readonly sections: ReadonlyMap<string, AppConfigSection>;
  /** Every line that Python would have refused. */
  readonly issues: readonly ConfigIssue[];
}

/**
 * Reads an `app.config` as Python's `ConfigParser(interpolation=None)` does, which no ini package on npm does: only
 * whole lines are comments, `=` or `:` separates, deeper indented lines continue a value (as do blank lines inside it),
 * and quotes and `%` mean nothing. Python stops at the first fault; this reader goes on and collects them all.
 */
export function readAppConfig(text: string, file: string): AppConfig {
  const reader = new Reader(basename(file));
  // Python reads text files with universal newlines; other separators such as U+2028 stay part of the line.
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .forEach((line, index) => reader.take(line, index + 1));
  return { file, sections: reader.sections(), issues: reader.issues };
}

const DEFAULT_SECTION = 'DEFAULT';

interface OpenValue {
  readonly key: string;
  readonly lines: string[];
  readonly line: number;
}

interface OpenSection {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, OpenValue>;
  readonly continuations: Continuation[];
}

/** Reads one line after another. States: before any header, in a section, in a value (which may continue). */
class Reader {
  readonly issues: ConfigIssue[] = [];
  private readonly found = new Map<string, OpenSection>();
  private readonly defaults: OpenSection = { name: DEFAULT_SECTION, line: 1, values: new Map(), continuations: [] };
  private section: OpenSection | undefined;
  private value: OpenValue | undefined;
  /** Indentation of the last header or key: deeper lines continue its value. */
  private indent = 0;

  constructor(private readonly fileName: string) {}

  take(raw: string, line: number): void {
    const text = strip(raw);
    if (text.startsWith('#') || text.startsWith(';')) return;
    if (text === '') {
      this.value?.lines.push('');
      return;
    }
    const indent = raw.search(NOT_SPACE);
    if (this.value !== undefined && indent > this.indent) {
      this.value.lines.push(text);
      const key = /^(\w+)\s*[=:]/.exec(text)?.[1]?.toLowerCase();
      if (key !== undefined) this.section?.continuations.push({ key, of: this.value.key, line });
      return;
    }
    this.indent = indent;
    const header = /^\[(.+)\]/s.exec(text)?.[1];
    if (header !== undefined) this.startSection(header, line);
    else this.startValue(text, line);
  }

  sections(): ReadonlyMap<string, AppConfigSection> {
    const inherited = valuesOf(this.defaults, { inherited: true });
    return new Map(
      [...this.found.values()].map((section) => [
        section.name,
        {
          name: section.name,
          line: section.line,
          values: new Map([...inherited, ...valuesOf(section)]),
          continuations: section.continuations,
        },
      ]),
    );
  }

  private startSection(name: string, line: number): void {
    this.value = undefined;
    if (name === DEFAULT_SECTION) {
      this.section = this.defaults;
      return;
    }
    const earlier = this.found.get(name);
    if (earlier !== undefined) {
      this.report(name, `the section starts at line ${earlier.line} and again at line ${line}; join the two`);
    }
    this.section = earlier ?? { name, line, values: new Map(), continuations: [] };
    this.found.set(name, this.section);
  }

  private startValue(text: string, line: number): void {
    this.value = undefined;
    if (this.section === undefined) {
      this.report(this.fileName, `line ${line} stands before the first [section] header; put it below one`);
      return;
    }
    const separator = text.search(/[=:]/);
    const key = strip(text.slice(0, Math.max(separator, 0))).toLowerCase();
    if (key === '') {
      this.report(
        this.section.name,
        `line ${line} is neither "key=value" nor a comment nor the indented continuation of a value`,
      );
      return;
    }
    const earlier = this.section.values.get(key);
    if (earlier !== undefined) {
      this.report(this.section.name, `is set at line ${earlier.line} and again at line ${line}; keep one`, key);
    }
    this.value = { key, lines: [strip(text.slice(separator + 1))], line };
    if (earlier === undefined) this.section.values.set(key, this.value);
  }

  /** Never quotes the line: it may hold a password. */
  private report(section: string, problem: string, key?: string): void {
    this.issues.push({ section, ...(key === undefined ? {} : { key }), problem });
  }
}

function valuesOf(section: OpenSection, mark: Pick<RawValue, 'inherited'> = {}): Map<string, RawValue> {
  return new Map(
    [...section.values].map(([key, { lines, line }]) => [key, { text: stripEnd(lines.join('\n')), line, ...mark }]),
  );
}

// Python's str.strip() and \s: the separators U+001C..U+001F and U+0085 count, U+FEFF does not.
const SPACE = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const NOT_SPACE = new RegExp(`[^${SPACE}]`);
const START = new RegExp(`^[${SPACE}]+`);
const END = new RegExp(`[${SPACE}]+$`);

function strip(text: string): string {
  return stripEnd(text.replace(START, ''));
}

function stripEnd(text: string): string {
  return text.replace(END, '');
}
