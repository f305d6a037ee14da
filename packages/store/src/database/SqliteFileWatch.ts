import { rename, rm, stat } from 'node:fs/promises';
import { StoreError } from '@soar-feed/core';

/** Identifies the file, whatever its name is. */
interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
}

/** What SQLite keeps beside a file in WAL mode. */
const BESIDE = ['-wal', '-shm'] as const;

/**
 * Checks that the path still leads to the file that our connections have open. SQLite does not: its commits into a file
 * that was removed, moved or replaced succeed, and are lost with the process. Uses only `stat`: closing a handle of our
 * own would drop the locks of the connections.
 */
export class SqliteFileWatch {
  readonly #file: string;
  readonly #opened: FileIdentity;
  readonly #beside = new Map<string, FileIdentity>();
  #size: bigint;

  private constructor(file: string, opened: FileIdentity) {
    this.#file = file;
    this.#opened = opened;
    this.#size = opened.size;
  }

  /** Begins once the connections are open. Throws `StoreError` if the file is gone already. */
  static async begin(file: string): Promise<SqliteFileWatch> {
    const opened = await identityOf(file);
    if (opened === undefined) throw moved(file);
    const watch = new SqliteFileWatch(file, opened);
    await watch.learn();
    return watch;
  }

  /** The files beside it are now those that our connections created. */
  async learn(): Promise<void> {
    this.#beside.clear();
    for (const ending of BESIDE) {
      const found = await identityOf(`${this.#file}${ending}`);
      if (found !== undefined) this.#beside.set(ending, found);
    }
  }

  /**
   * `whole`; `beside-gone`: the `-wal` or `-shm` was removed, but the file exists; `shrunk`: truncated, or vacuumed by
   * another program. Throws `StoreError` `store-moved` or `store-replaced`.
   */
  async look(): Promise<'whole' | 'beside-gone' | 'shrunk'> {
    const [found, ...beside] = await Promise.all(['', ...BESIDE].map((ending) => identityOf(`${this.#file}${ending}`)));
    if (found === undefined) throw moved(this.#file);
    if (!isSame(found, this.#opened)) throw replaced(this.#file);
    const before = this.#size;
    this.#size = found.size;
    if (found.size < before) return 'shrunk';
    const gone = BESIDE.some((ending, at) => {
      const known = this.#beside.get(ending);
      return known !== undefined && !isSame(known, beside[at]);
    });
    return gone ? 'beside-gone' : 'whole';
  }

  get isEmpty(): boolean {
    return this.#size === 0n;
  }

  /**
   * After the connections are closed. If our `-wal` stayed beside another file, the next program to open that file
   * would apply it.
   */
  async leave(): Promise<void> {
    const found = await identityOf(this.#file);
    if (found === undefined || isSame(found, this.#opened)) return;
    const [wal, shm] = await Promise.all(BESIDE.map((ending) => identityOf(`${this.#file}${ending}`)));
    if (isSame(this.#beside.get('-shm'), shm)) await rm(`${this.#file}-shm`, { force: true });
    if (isSame(this.#beside.get('-wal'), wal)) await rename(`${this.#file}-wal`, `${this.#file}-wal.of-replaced-file`);
  }
}

function isSame(one: FileIdentity | undefined, other: FileIdentity | undefined): boolean {
  return one !== undefined && one.device === other?.device && one.inode === other.inode;
}

async function identityOf(file: string): Promise<FileIdentity | undefined> {
  try {
    const { dev, ino, size } = await stat(file, { bigint: true });
    return { device: dev, inode: ino, size };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const problem = `SQLite file ${file} cannot be checked (${code ?? String(error)}): check its folder.`;
    throw new StoreError(problem, { code: 'store-io', cause: error, details: { file } });
  }
}

function moved(file: string): StoreError {
  const problem = `SQLite file ${file} was removed or moved while in use: put the same file back, with the -wal beside it. To continue without it, stop soar-feed first.`;
  return new StoreError(problem, { code: 'store-moved', details: { file } });
}

function replaced(file: string): StoreError {
  const problem = `SQLite file ${file} was replaced by another file while in use: put the first file back, or restart soar-feed to use the new one.`;
  return new StoreError(problem, { code: 'store-replaced', details: { file } });
}
