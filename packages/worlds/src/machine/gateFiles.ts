import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { currentLife } from '../virtual/lives.js';
import { machine } from '../virtual/Machine.js';

type Work = (...args: never[]) => unknown;

/** Those that change what the next process finds. */
const CHANGES: readonly string[] = ['unlink', 'rename', 'rm', 'writeFile'];

const READS: readonly string[] = ['access', 'readdir', 'readFile', 'stat', 'lstat', 'mkdir', 'chmod', 'realpath'];

/** What `fs/promises` does is done at once, so that no thread decides what comes first; nothing is flushed. */
export function gateFiles(): void {
  const named = fs as unknown as Record<string, Work>;
  const patched = Object.fromEntries(
    [...CHANGES, ...READS].map((name) => [
      name,
      (...args: never[]) => onDisk(CHANGES.includes(name) ? name : undefined, () => named[`${name}Sync`]?.(...args)),
    ]),
  );
  Object.assign(promises, patched, {
    open: (file: string, flags?: string, mode?: number) =>
      onDisk(undefined, () => new Handle(fs.openSync(file, flags ?? 'r', mode))),
  });
  syncBuiltinESMExports();
}

/** A file as `fs/promises` opens it, as far as the product uses it. */
class Handle {
  constructor(readonly fd: number) {}

  writeFile(text: string | Uint8Array): Promise<unknown> {
    return onDisk('write', () => fs.writeFileSync(this.fd, text));
  }

  readFile(encoding?: BufferEncoding): Promise<unknown> {
    return onDisk(undefined, () => fs.readFileSync(this.fd, encoding));
  }

  stat(): Promise<unknown> {
    return onDisk(undefined, () => fs.fstatSync(this.fd));
  }

  chmod(mode: number): Promise<unknown> {
    return onDisk(undefined, () => fs.fchmodSync(this.fd, mode));
  }

  sync(): Promise<unknown> {
    return onDisk(undefined, () => undefined);
  }

  close(): Promise<unknown> {
    return onDisk(undefined, () => fs.closeSync(this.fd));
  }
}

function onDisk<T>(change: string | undefined, work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const life = currentLife();
    const own = machine();
    if (life?.dead === true) return;
    if (life !== undefined && change !== undefined) own.onEffect(life, 'file', 'before', change);
    if ((life as { dead: boolean } | undefined)?.dead === true) return;
    try {
      const fault = life === undefined || change === undefined ? undefined : own.diskFault(life, change);
      if (fault !== undefined) throw Object.assign(new Error(`${fault.code}: by the world`), { code: 'ENOSPC' });
      const result = work();
      if (life !== undefined && change !== undefined) own.onEffect(life, 'file', 'after', change);
      if ((life as { dead: boolean } | undefined)?.dead !== true) resolve(result);
    } catch (error) {
      reject(error as Error);
    }
  });
}
