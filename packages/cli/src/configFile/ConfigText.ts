import { readAppConfig } from '@soar-feed/core/runtime';
import type { AppConfig } from '@soar-feed/core/runtime';

/** Lines to put in after a line (from 1), which stay together. */
export interface Insertion {
  readonly after: number;
  readonly lines: readonly string[];
}

/** The text of an app.config, to which lines can be added without touching the others. */
export class ConfigText {
  /** Each with its line end, whatever that is. */
  private readonly whole: readonly string[];
  readonly config: AppConfig;

  constructor(
    readonly text: string,
    private readonly file: string,
  ) {
    this.whole = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
    this.config = readAppConfig(text, file);
  }

  /** The lines of a section below its header, without their ends. */
  linesOf(headerLine: number): readonly string[] {
    return this.whole.slice(headerLine, this.endOf(headerLine)).map(bare);
  }

  /** After which line of a section more keys fit: its last one, but above comments that belong to the next header. */
  placeIn(headerLine: number): number {
    let at = this.endOf(headerLine);
    const isComment = (line: number): boolean => /^\s*[#;]/.test(this.lineAt(line));
    if (at < this.whole.length) while (at > headerLine && isComment(at) && !isKeyComment(this.lineAt(at))) at -= 1;
    while (at > headerLine && this.lineAt(at).trim() === '') at -= 1;
    return at;
  }

  get lastLine(): number {
    return this.whole.length;
  }

  /** New lines end as the first line of the file does. */
  with(insertions: readonly Insertion[]): string {
    const end = /\r\n|\r|\n/.exec(this.whole[0] ?? '')?.[0] ?? '\n';
    const parts: string[] = [];
    for (let line = 0; line <= this.whole.length; line += 1) {
      if (line > 0) parts.push(this.whole[line - 1] ?? '');
      for (const { after, lines } of insertions) {
        if (after !== line) continue;
        if (line > 0 && !/[\r\n]$/.test(parts.at(-1) ?? '')) parts.push(end);
        parts.push(...lines.map((added) => added + end));
      }
    }
    return parts.join('');
  }

  /** As `diff -U2` shows it; nothing is ever removed. */
  diff(insertions: readonly Insertion[]): string {
    const shown = [...insertions].sort((a, b) => a.after - b.after);
    const hunks = shown.map(({ after, lines }) => {
      const context = (from: number, to: number): string[] =>
        Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => ` ${this.hidden(from + at)}`);
      const before = context(Math.max(1, after - 1), after);
      const behind = context(after + 1, Math.min(this.whole.length, after + 2));
      return [`@@ line ${after} @@`, ...before, ...lines.map((line) => `+${line}`), ...behind].join('\n');
    });
    return `--- ${this.file}\n+++ ${this.file}\n${hunks.join('\n')}\n`;
  }

  /** A line that stays, without its value, which may be a password, or the end of one. */
  private hidden(line: number): string {
    const text = this.lineAt(line);
    if (/^\s*([#;[]|$)/.test(text)) return text;
    return `${/^[^=:\s][^=:]*[=:]/.exec(text)?.[0] ?? '  '}…`;
  }

  private lineAt(line: number): string {
    return bare(this.whole[line - 1] ?? '');
  }

  /** The last line before the next header, or of the file. */
  private endOf(headerLine: number): number {
    const next = this.whole.findIndex((line, at) => at >= headerLine && /^\[.+\]/.test(line));
    return next === -1 ? this.whole.length : next;
  }
}

function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}

function isKeyComment(line: string): boolean {
  return /^\s*[#;]\s*[\w.-]+\s*[=:]/.test(line);
}
