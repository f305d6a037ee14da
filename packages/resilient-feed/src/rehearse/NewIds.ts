/** Far above every id of a platform, and below 2^53. */
const FIRST = 9_000_000_000_000_001;

/** Ids for objects that a rehearsal makes: numbers where code expects an id, and `@1` for people. */
export class NewIds {
  private made = 0;

  next(): number {
    this.made += 1;
    return FIRST + this.made - 1;
  }

  has(id: unknown): boolean {
    return Number(id) >= FIRST && Number(id) < FIRST + this.made;
  }

  nameOf(id: number): string {
    return `@${id - FIRST + 1}`;
  }

  /** A path with the names. */
  inPath(path: string): string {
    return path
      .split('/')
      .map((part) => (this.has(part) ? this.nameOf(Number(part)) : part))
      .join('/');
  }

  /** A body with the names. */
  inValue(value: unknown): unknown {
    if (typeof value === 'number') return this.has(value) ? this.nameOf(value) : value;
    if (Array.isArray(value)) return value.map((one) => this.inValue(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.inValue(one)]));
  }
}
