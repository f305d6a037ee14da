/** Where an object is listed, and where it is addressed itself; paths below the organization. */
export interface ObjectPlace {
  readonly list: string;
  readonly own: string;
}

const ROWS = /^(\/incidents\/\d+\/table_data\/[^/]+)\/row_data$/;
const FILES = /^(\/incidents\/\d+\/artifacts)\/files$/;
const TASKS = /^\/incidents\/\d+\/tasks$/;

/** The place of what a POST to this path makes. */
export function placeOfNew(path: string, id: number): ObjectPlace {
  const [, table] = ROWS.exec(path) ?? [];
  if (table !== undefined) return { list: table, own: `${path}/${id}` };
  const list = FILES.exec(path)?.[1] ?? path;
  return { list, own: TASKS.test(path) ? `/tasks/${id}` : `${list}/${id}` };
}

/** The place of what a PUT, PATCH or DELETE changes. `list` is absent where the object is read by its own path. */
export function placeOfChanged(path: string): { readonly own: string; readonly list?: string; readonly id: number } {
  const cut = path.lastIndexOf('/');
  const id = Number(path.slice(cut + 1));
  const parent = path.slice(0, cut);
  if (parent === '/incidents' || parent === '/tasks') return { own: path, id };
  return { own: path, list: ROWS.exec(parent)?.[1] ?? parent, id };
}
