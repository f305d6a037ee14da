import { readFile } from 'node:fs/promises';
import { parseJson } from '@soar-feed/core';

interface Place {
  readonly type: string;
  readonly id: number;
}

/** What the file says of one object. */
export interface Line extends Place {
  readonly incident: number;
  readonly parent?: Place;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly deleted?: true;
}

/** Reads the objects of the file as they are now: the last line of each counts, and a delete takes what hangs below. */
export async function readObjects(file: string): Promise<readonly Line[]> {
  const objects = new Map<string, Line>();
  const remove = (gone: Place): void => {
    objects.delete(keyOf(gone));
    for (const one of [...objects.values()]) {
      const isBelow = gone.type === 'incident' ? one.incident === gone.id : one.parent && isSame(one.parent, gone);
      if (isBelow) remove(one);
    }
  };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  for (const line of text.split('\n').map(parsed)) {
    if (line === undefined) continue;
    if (line.deleted) remove(line);
    else objects.set(keyOf(line), line);
  }
  return [...objects.values()];
}

/** `undefined`: the line is empty, or a crash cut it short; the event came again behind it. */
function parsed(line: string): Line | undefined {
  try {
    return line === '' ? undefined : (parseJson(line) as Line);
  } catch {
    return undefined;
  }
}

function keyOf({ type, id }: Place): string {
  return `${type}/${id}`;
}

function isSame(one: Place, other: Place): boolean {
  return keyOf(one) === keyOf(other);
}
