import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';

const ENDINGS = ['', '-wal'] as const;

/**
 * What a killed process leaves of its database files. Its connections must be closed before another process may open them, and a
 * connection that is closed tidies up: so the files are put back as they were.
 */
export class Remains {
  private readonly contents = new Map<string, Buffer>();

  constructor(private readonly files: readonly string[]) {
    for (const name of files.flatMap((file) => ENDINGS.map((ending) => file + ending)))
      if (existsSync(name)) this.contents.set(name, readFileSync(name));
  }

  putBack(): void {
    for (const file of this.files) {
      for (const ending of [...ENDINGS, '-shm']) rmSync(file + ending, { force: true });
    }
    for (const [name, content] of this.contents) writeFileSync(name, content);
  }
}

/** How long the logs of these files are, bytes. */
export function logLengths(files: readonly string[]): ReadonlyMap<string, number> {
  const lengths = files.map((file): [string, number] => [`${file}-wal`, lengthOf(`${file}-wal`)]);
  return new Map(lengths);
}

/** Tears off what the last commit has added to a log: only a part of it was written when the process died. */
export function tearOff(before: ReadonlyMap<string, number>, part: number): void {
  for (const [log, length] of before) {
    const added = lengthOf(log) - length;
    if (length > 0 && added > 0) truncateSync(log, length + Math.floor(added * part));
  }
}

function lengthOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
