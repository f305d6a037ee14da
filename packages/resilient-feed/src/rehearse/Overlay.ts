import { ownValue } from '@soar-feed/core';

export type Bag = Readonly<Record<string, unknown>>;

interface Made {
  readonly list: string;
  readonly own: string;
  dto: Bag;
}

/** What a rehearsal has made, changed and deleted so far, laid over what the organization shows. */
export class Overlay {
  private readonly made: Made[] = [];
  private readonly changed = new Map<string, Bag>();
  private readonly deleted = new Set<string>();

  make(place: { readonly list: string; readonly own: string }, dto: Bag): void {
    this.made.push({ ...place, dto });
  }

  change(own: string, fields: Bag): void {
    const made = this.made.find((one) => one.own === own);
    if (made !== undefined) made.dto = merged(made.dto, fields);
    else this.changed.set(own, merged(this.changed.get(own) ?? {}, fields));
  }

  delete(own: string): void {
    this.deleted.add(own);
    const at = this.made.findIndex((one) => one.own === own);
    if (at !== -1) this.made.splice(at, 1);
  }

  isDeleted(path: string): boolean {
    return [...this.deleted].some((own) => path === own || path.startsWith(`${own}/`));
  }

  /** Whether reading this path would show something of the rehearsal. */
  touches(path: string): boolean {
    if (this.changed.has(path) || this.made.some(({ list, own }) => list === path || own === path)) return true;
    const inList = (own: string): boolean => own.startsWith(`${path}/`) || path.endsWith('/tasks');
    return [...this.changed.keys(), ...this.deleted].some(inList);
  }

  /** What stands at a path below something that the rehearsal made; `undefined`: nothing. */
  newAt(path: string): unknown {
    const own = this.made.find((one) => one.own === path);
    if (own !== undefined) return own.dto;
    const items = this.made.filter(({ list }) => list === path).map(({ dto }) => dto);
    if (path.includes('/table_data/')) return { rows: items };
    return /^\/(incidents|tasks)\/\d+\/[a-z_]+$/.test(path) ? items : undefined;
  }

  /** The organization's answer as it would be after the rehearsal. */
  over(path: string, body: unknown): unknown {
    const rows = ownValue(body, 'rows');
    if (Array.isArray(rows)) return { ...(body as Bag), rows: this.list(path, rows, `${path}/row_data`) };
    if (Array.isArray(body)) return this.list(path, body, path.endsWith('/tasks') ? '/tasks' : path);
    const fields = this.changed.get(path);
    return fields === undefined || typeof body !== 'object' || body === null ? body : merged(body as Bag, fields);
  }

  private list(path: string, items: readonly unknown[], parent: string): readonly unknown[] {
    const now = items.flatMap((item) => {
      const own = `${parent}/${String(ownValue(item, 'id'))}`;
      if (this.deleted.has(own)) return [];
      const fields = this.changed.get(own);
      return [fields === undefined ? item : merged(item as Bag, fields)];
    });
    return [...now, ...this.made.filter(({ list }) => list === path).map(({ dto }) => dto)];
  }
}

/** Sections are merged, everything else is replaced. */
function merged(before: Bag, fields: Bag): Bag {
  const sections = Object.entries(fields).map(([name, value]) => {
    const was = before[name];
    const isSection = name === 'properties' && typeof was === 'object' && was !== null;
    return [name, isSection ? { ...was, ...(value as object) } : value] as const;
  });
  return { ...before, ...Object.fromEntries(sections) };
}
