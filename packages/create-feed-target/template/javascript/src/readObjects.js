import { readFile } from 'node:fs/promises';
import { parseJson } from '@soar-feed/core';

/** Reads the objects of the file as they are now: the last line of each counts, and a delete takes what hangs below. */
export async function readObjects(file) {
  const objects = new Map();
  const remove = (gone) => {
    objects.delete(keyOf(gone));
    for (const one of [...objects.values()]) {
      const isBelow = gone.type === 'incident' ? one.incident === gone.id : one.parent && isSame(one.parent, gone);
      if (isBelow) remove(one);
    }
  };
  const text = await readFile(file, 'utf8').catch((error) => {
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
function parsed(line) {
  try {
    return line === '' ? undefined : parseJson(line);
  } catch {
    return undefined;
  }
}

function keyOf({ type, id }) {
  return `${type}/${id}`;
}

function isSame(one, other) {
  return keyOf(one) === keyOf(other);
}
