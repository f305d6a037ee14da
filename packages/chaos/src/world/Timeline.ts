import { writeFileSync } from 'node:fs';

/** What happened when, for a person who must find out why a run failed. */
export class Timeline {
  private readonly entries: { readonly atMs: number; readonly who: string; readonly what: string }[] = [];

  add(who: string, what: string): void {
    this.entries.push({ atMs: Date.now(), who, what });
  }

  /** Writes one line per event in order of time, merged with what others recorded. */
  write(file: string, more: readonly { readonly atMs: number; readonly who: string; readonly what: string }[]): void {
    const lines = [...this.entries, ...more]
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ atMs, who, what }) => `${new Date(atMs).toISOString()} ${who.padEnd(10)} ${what}`);
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
}
