import type { Clock } from '../contract/Clock.js';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { TypeSchema } from '../contract/TypeSchema.js';
import type { TypeDescription } from './toTypeSchema.js';
import { toTypeSchema } from './toTypeSchema.js';
import { unknownToSchema } from './unknownToSchema.js';

/** Types change rarely, but fields and options are added while a feed runs for months. */
const FRESH_MS = 10 * 60_000;
/** An unknown type or field asks for a refresh, at most this often. */
const REFRESH_EVERY_MS = 30_000;
/** What an object has, too, more often: its value would be lost. Each asks once in `FRESH_MS`, as it may be gone for good. */
const SEEK_EVERY_MS = 5_000;
const SOUGHT_MAX = 10_000;

interface Types {
  readonly byName: ReadonlyMap<string, TypeSchema>;
  readonly byId: ReadonlyMap<number, TypeSchema>;
  readonly byDisplayName: ReadonlyMap<string, TypeSchema>;
  readonly readAtMs: number;
}

/** The source organization's types: read once, refreshed when something unknown turns up and now and then. */
export class TypeCatalog {
  private types: Types | undefined;
  private reading: Promise<Types> | undefined;
  /** What the types did not have when they were last read for its sake. */
  private readonly sought = new Map<string, number>();

  /** `load` gives the body of `GET /types`. */
  constructor(
    private readonly load: () => Promise<Iterable<TypeDescription>>,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<readonly TypeSchema[]> {
    return [...(await this.current()).byName.values()];
  }

  /** By API name (`incident`, a data table's name). */
  async named(name: string): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byName.get(name));
  }

  /** By the number messages carry; a data table has its own, 1001 or above. */
  async numbered(id: number): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byId.get(id));
  }

  /** search_ex names a data table by its label. */
  async labelled(displayName: string): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byDisplayName.get(displayName));
  }

  /** Reads the types again because something unknown turned up; at most every 30 s. */
  async refresh(): Promise<void> {
    if (this.types !== undefined && this.clock.now() - this.types.readAtMs < REFRESH_EVERY_MS) return;
    await this.read();
  }

  /**
   * The schema of an object that was read from the source, which unlike a message does not say its labels: read again
   * where the object has a field, an option, a person or a workspace that was added since.
   */
  async knowing(schema: TypeSchema, object: SoarObject): Promise<TypeSchema> {
    if (unknownToSchema(schema, object).length === 0) return schema;
    const { byName, readAtMs } = await this.current();
    const known = byName.get(schema.name) ?? schema;
    const now = this.clock.now();
    const isNews = (part: string): boolean => now - (this.sought.get(part) ?? -Infinity) > FRESH_MS;
    if (now - readAtMs < SEEK_EVERY_MS || !unknownToSchema(known, object).some(isNews)) return known;
    const types = await this.read().catch(() => undefined);
    const fresh = types?.byName.get(schema.name);
    if (fresh === undefined) return known;
    if (this.sought.size > SOUGHT_MAX) this.sought.clear();
    for (const part of unknownToSchema(fresh, object)) this.sought.set(part, now);
    return fresh;
  }

  private async find(lookUp: (types: Types) => TypeSchema | undefined): Promise<TypeSchema | undefined> {
    const found = lookUp(await this.current());
    if (found !== undefined) return found;
    await this.refresh();
    return lookUp(await this.current());
  }

  private async current(): Promise<Types> {
    if (this.types === undefined) return this.read();
    // Stale types still serve while the new ones are read, and when they cannot be read.
    if (this.clock.now() - this.types.readAtMs > FRESH_MS) void this.read().catch(() => undefined);
    return this.types;
  }

  private read(): Promise<Types> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<Types> {
    const schemas = [...(await this.load())].map(toTypeSchema);
    this.types = {
      byName: new Map(schemas.map((schema) => [schema.name, schema])),
      byId: new Map(schemas.map((schema) => [schema.id, schema])),
      byDisplayName: new Map(schemas.map((schema) => [schema.displayName, schema])),
      readAtMs: this.clock.now(),
    };
    return this.types;
  }
}
