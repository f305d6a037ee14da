import { TIME_SERIES } from '@soar-feed/core';
import { fieldCount } from './mapping.js';
import type { Properties, Property } from './mapping.js';

/** The server's own limit, unless an index sets another. */
const DEFAULT_LIMIT = 1_000;

/** Where the value of a field goes whose index was made for values of another kind. */
export interface Detour {
  /** The field beside it, indexed for the new kind. */
  readonly to: string;
  /** Whether the value also stands under its own name; the server refuses some. */
  readonly also: boolean;
}

/** One index as the server has it, and what the fields of its type still need there. */
export class IndexState {
  readonly detours = new Map<string, Detour>();
  private readonly has: Map<string, Property>;

  constructor(
    readonly name: string,
    properties: Properties,
    public limit: number = DEFAULT_LIMIT,
  ) {
    this.has = new Map(properties);
  }

  /** The properties to add or change, so that documents with `wanted` are taken and indexed; decides the detours. */
  missing(wanted: Properties): Properties {
    const missing = new Map<string, Property>();
    for (const [name, property] of wanted) {
      const there = this.has.get(name);
      if (there === undefined) {
        missing.set(name, property);
      } else if (there.type === property.type || there.properties !== undefined || there.type === 'text') {
        this.detours.delete(name);
      } else {
        this.around(name, there, property, missing);
      }
    }
    return missing;
  }

  learn(properties: Properties): void {
    for (const [name, property] of properties) this.has.set(name, property);
  }

  /** The limit of fields to ask for, with room for some more; `undefined` if the present one suffices. */
  limitFor(more: Properties): number | undefined {
    const count = fieldCount(new Map([...this.has, ...more]).values());
    return count * 1.2 <= this.limit ? undefined : Math.max(DEFAULT_LIMIT, Math.ceil(count * 2));
  }

  /** Only that of incidents ever does. */
  get hasTimeSeries(): boolean {
    return [...this.has.keys()].some((name) => name.startsWith(TIME_SERIES));
  }

  get properties(): Properties {
    return this.has;
  }

  /** The field's type was changed, and that of an index cannot be. */
  private around(name: string, there: Property, property: Property, missing: Map<string, Property>): void {
    const to = `${name}__${String(property.type)}`;
    const isLenient = there.ignore_malformed === true;
    const canBeLenient = ['long', 'integer', 'short', 'byte', 'double', 'float', 'date'].includes(there.type ?? '');
    if (!isLenient && canBeLenient) missing.set(name, { ...there, ignore_malformed: true });
    const keyword = there.type === 'keyword';
    this.detours.set(name, { to, also: isLenient || canBeLenient || keyword });
    if (!this.has.has(to)) missing.set(to, property);
  }
}
