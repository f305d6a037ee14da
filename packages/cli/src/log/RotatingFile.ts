import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface RotatingFileOptions {
  readonly file: string;
  /** 0: never rotated. */
  readonly maxBytes: number;
  /** How many older files are kept, as `file.1` (the youngest), `file.2` and so on; 0: never rotated. */
  readonly backups: number;
  /** Hears once of each trouble; the lines in between are missing in the file. */
  readonly onTrouble: (problem: string) => void;
}

/** Only the user of the host; a file that is there keeps its mode, and hands it on to the next one. */
const MODE = 0o600;

/**
 * A log file that rotates by size, as Python's `RotatingFileHandler`, which IBM's programs use. Each line is handed to
 * the system before `write` returns, so that the last one before a crash or a kill is in the file. That is why no
 * library does this: those on npm write in the background.
 */
export class RotatingFile {
  private fd: number | undefined;
  private size = 0;
  /** A line was cut off by a full disk. */
  private torn = false;
  private trouble: string | undefined;
  /** The size at which to rotate: later, if it failed. */
  private rotateAt: number;

  /** Throws if the file cannot be opened. */
  constructor(private readonly options: RotatingFileOptions) {
    this.rotateAt = options.maxBytes;
    this.open(MODE);
  }

  /** Never throws: a full disk must not stop the feeds. */
  write(line: string): void {
    try {
      this.append(Buffer.from(this.torn ? `\n${line}` : line));
      this.trouble = undefined;
    } catch (error) {
      this.report(error);
    }
  }

  /** For programs that move the file away and send SIGHUP. */
  reopen(): void {
    this.close();
    try {
      this.open(MODE);
    } catch (error) {
      this.report(error);
    }
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private append(bytes: Buffer): void {
    const { maxBytes, backups } = this.options;
    const rotates = maxBytes > 0 && backups > 0;
    if (rotates && this.size > 0 && this.size + bytes.length > this.rotateAt) this.rotate();
    if (this.fd === undefined) this.open(MODE);
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = writeSync(this.fd ?? -1, bytes, written);
        written += count;
        this.size += count;
      }
      this.torn = false;
    } catch (error) {
      this.torn ||= written > 0;
      throw error;
    }
  }

  private open(mode: number): void {
    this.fd = openSync(this.options.file, 'a', mode);
    this.size = fstatSync(this.fd).size;
  }

  private rotate(): void {
    const { file, backups, maxBytes } = this.options;
    const mode = this.fd === undefined ? MODE : fstatSync(this.fd).mode & 0o777;
    this.close();
    try {
      rmSync(`${file}.${backups}`, { force: true });
      for (let at = backups - 1; at >= 0; at -= 1) {
        const from = at === 0 ? file : `${file}.${at}`;
        if (existsSync(from)) renameSync(from, `${file}.${at + 1}`);
      }
      this.rotateAt = maxBytes;
    } catch (error) {
      // The file goes on growing; not every line tries again.
      this.rotateAt = this.size + Math.ceil(maxBytes / 10);
      this.report(error);
    }
    this.open(mode);
  }

  private report(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code ?? message;
    if (problem === this.trouble) return;
    this.trouble = problem;
    this.options.onTrouble(problem);
  }
}
