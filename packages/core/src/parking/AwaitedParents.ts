import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

interface Awaited {
  readonly number: number;
  readonly key: ObjectKey;
  rows: number;
}

/** The objects that parked rows wait for, each with a number above 0 for as long as a row waits. */
export class AwaitedParents {
  private readonly byName = new Map<string, Awaited>();
  private readonly byNumber = new Map<number, Awaited>();
  private newest = 0;

  has(key: ObjectKey): boolean {
    return this.byName.size > 0 && this.byName.has(keyText(key));
  }

  keys(): readonly ObjectKey[] {
    return [...this.byName.values()].map(({ key }) => key);
  }

  /** A further row waits for it. Gives its number. */
  enter(key: ObjectKey): number {
    const name = keyText(key);
    const known = this.byName.get(name);
    const awaited = known ?? { number: (this.newest += 1), key, rows: 0 };
    awaited.rows += 1;
    if (known === undefined) {
      this.byName.set(name, awaited);
      this.byNumber.set(awaited.number, awaited);
    }
    return awaited.number;
  }

  /** A row waits for it no longer. */
  leave(number: number): void {
    const awaited = this.byNumber.get(number);
    if (awaited === undefined) return;
    awaited.rows -= 1;
    if (awaited.rows > 0) return;
    this.byNumber.delete(number);
    this.byName.delete(keyText(awaited.key));
  }
}
