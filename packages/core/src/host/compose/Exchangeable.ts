/**
 * A stand-in for an object that may be exchanged: whoever holds `face` always talks to the one put in last. It has exactly
 * the members that the current one has, optional ones included.
 */
export class Exchangeable<T extends object> {
  readonly face: T;

  constructor(private current: T) {
    this.face = new Proxy<T>(current, {
      get: (_, name) => {
        const value: unknown = Reflect.get(this.current, name, this.current);
        return typeof value === 'function' ? (value.bind(this.current) as unknown) : value;
      },
      has: (_, name) => Reflect.has(this.current, name),
    });
  }

  put(next: T): void {
    this.current = next;
  }
}
