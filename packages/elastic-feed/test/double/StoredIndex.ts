export type Source = Record<string, unknown>;
export interface Property {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly fields?: Readonly<Record<string, Property>>;
  readonly ignore_malformed?: boolean;
  readonly format?: string;
}

export interface Stored {
  readonly version: number;
  /** Absent: deleted, and the version is still remembered. */
  readonly source?: Source;
}

/** What a server says when it refuses; the reasons are worded as Elasticsearch words them. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** One index of the double: documents with versions, a mapping that refuses, and a search that lags until a refresh. */
export class StoredIndex {
  readonly docs = new Map<string, Stored>();
  /** What a search sees. */
  searchable = new Map<string, Stored>();
  properties: Record<string, Property> = {};
  dynamic: unknown = true;
  limit = 1_000;

  constructor(readonly name: string) {}

  map({ dynamic, properties = {} }: { dynamic?: unknown; properties?: Record<string, Property> }): void {
    for (const [name, property] of Object.entries(properties)) {
      const there = this.properties[name];
      if (there?.type !== undefined && there.type !== property.type) {
        const reason = `mapper [${name}] cannot be changed from type [${there.type}] to [${property.type}]`;
        throw new Refusal(400, 'illegal_argument_exception', reason);
      }
    }
    const all = { ...this.properties, ...properties };
    if (count(all) > this.limit) {
      throw new Refusal(400, 'illegal_argument_exception', `Limit of total fields [${this.limit}] has been exceeded`);
    }
    this.properties = all;
    if (dynamic !== undefined) this.dynamic = dynamic;
  }

  write(id: string, version: number, source: Source | undefined): 'created' | 'updated' | 'deleted' | 'not_found' {
    const there = this.docs.get(id);
    if (there !== undefined && version < there.version) {
      const reason = `[${id}]: version conflict, current version [${there.version}] is higher than the one provided [${version}]`;
      throw new Refusal(409, 'version_conflict_engine_exception', reason);
    }
    if (source !== undefined) this.check(id, source);
    this.docs.set(id, source === undefined ? { version } : { version, source });
    const was = there?.source !== undefined;
    if (source === undefined) return was ? 'deleted' : 'not_found';
    return was ? 'updated' : 'created';
  }

  refresh(): void {
    this.searchable = new Map([...this.docs].filter(([, { source }]) => source !== undefined));
  }

  /** `index.gc_deletes` is over. */
  forgetDeletes(): void {
    for (const [id, { source }] of this.docs) if (source === undefined) this.docs.delete(id);
  }

  /** Refuses as a mapping does, quoting the value; infers types where it is dynamic. */
  private check(id: string, source: Source): void {
    for (const [name, value] of Object.entries(source)) {
      if (value === null || value === undefined) continue;
      const property = Object.hasOwn(this.properties, name) ? this.properties[name] : undefined;
      if (property === undefined) {
        if (this.dynamic === true) this.map({ properties: { [name]: inferred(value) } });
        continue;
      }
      for (const one of Array.isArray(value) ? value : [value]) {
        if (accepts(property, one)) continue;
        const reason = `[1:20] failed to parse field [${name}] of type [${property.type}] in document with id '${id}'. Preview of field's value: '${String(one)}'`;
        throw new Refusal(400, 'document_parsing_exception', reason);
      }
    }
  }
}

function accepts({ type, ignore_malformed: lenient, properties }: Property, value: unknown): boolean {
  if (properties !== undefined) return typeof value === 'object';
  if (typeof value === 'object') return false;
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false' || value === '';
    case 'long':
      return lenient === true || (!Number.isNaN(Number(value)) && typeof value !== 'boolean');
    case 'date':
      return lenient === true || typeof value === 'number' || !Number.isNaN(Date.parse(String(value)));
    case 'binary':
      return typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
    default:
      return true;
  }
}

/** As dynamic mapping does: the first value decides. */
function inferred(value: unknown): Property {
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: 'long' };
  if (typeof value === 'object') return { properties: {} };
  const isDate = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(String(value));
  return isDate ? { type: 'date' } : { type: 'text', fields: { keyword: { type: 'keyword' } } };
}

function count(properties: Readonly<Record<string, Property>>): number {
  return Object.values(properties).reduce(
    (sum, { properties: inner = {}, fields = {} }) => sum + 1 + count(inner) + count(fields),
    0,
  );
}
