import type { Clock } from '../contract/Clock.js';
import { UnavailableError } from '../contract/errors.js';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { Logger } from '../contract/Logger.js';
import type { TypeSchema } from '../contract/TypeSchema.js';
import type { TypeDescription } from './toTypeSchema.js';
import { toTypeSchema } from './toTypeSchema.js';
import { unknownToSchema } from './unknownToSchema.js';

/** Types change rarely, but fields and options are added while a feed runs for months. */
const FRESH_MS = 10 * 60_000;
/** An unknown type or field asks for a refresh, at most this often. */
const REFRESH_EVERY_MS = 30_000;
/**
 * What an object holds may ask more often, since its value would be lost. Each part asks once in `FRESH_MS`, as it may
 * be gone for good.
 */
const SEEK_EVERY_MS = 5_000;
const SOUGHT_MAX = 10_000;

interface Types {
  readonly byName: ReadonlyMap<string, TypeSchema>;
  readonly byId: ReadonlyMap<number, TypeSchema>;
  readonly byDisplayName: ReadonlyMap<string, TypeSchema>;
  readonly readAtMs: number;
}

/**
 * The source organization's types: read once, then refreshed now and then and when something unknown turns up. If they
 * cannot be read again, the last ones serve. A look-up throws `UnavailableError` if the types could not be read at all,
 * or could not be read again for what they lack: whatever the source answered says nothing about an object.
 */
export class TypeCatalog {
  private types: Types | undefined;
  private reading: Promise<Types> | undefined;
  private triedAtMs = -Infinity;
  /** The last read failed; logged once. */
  private isStale = false;
  /** What the types still lacked after they were last read to find it. */
  private readonly sought = new Map<string, number>();

  /** `load` gives the body of `GET /types`. */
  constructor(
    private readonly load: () => Promise<Iterable<TypeDescription>>,
    private readonly clock: Clock,
    private readonly log?: Logger,
  ) {}

  async all(): Promise<readonly TypeSchema[]> {
    return [...(await this.current()).byName.values()];
  }

  /** By API name (`incident`, a data table's name). */
  async named(name: string): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byName.get(name));
  }

  /** By the number that messages carry; a data table has its own, 1001 or above. */
  async numbered(id: number): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byId.get(id));
  }

  /** search_ex names a data table by its label. */
  async labelled(displayName: string): Promise<TypeSchema | undefined> {
    return this.find((types) => types.byDisplayName.get(displayName));
  }

  /** Reads the types again, if they can be read, because a message names a field that they lack; at most every 30 s. */
  async refresh(): Promise<void> {
    if (this.types !== undefined && this.clock.now() - this.triedAtMs < REFRESH_EVERY_MS) return;
    await this.read().catch((error: unknown) => {
      if (this.types === undefined) throw error;
    });
  }

  /**
   * The schema for an object that was read from the source. Unlike a message, such an object does not carry its labels,
   * so the types are read again if it has a field, an option, a person or a workspace that was added since.
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
    const types = await this.current();
    const found = lookUp(types);
    if (found !== undefined || this.clock.now() - types.readAtMs < REFRESH_EVERY_MS) return found;
    return lookUp(await this.read());
  }

  private async current(): Promise<Types> {
    if (this.types === undefined) return this.read();
    // Old types still serve while the new ones are read, and when they cannot be read.
    const now = this.clock.now();
    if (now - this.types.readAtMs > FRESH_MS && now - this.triedAtMs > REFRESH_EVERY_MS)
      void this.read().catch(() => undefined);
    return this.types;
  }

  private read(): Promise<Types> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<Types> {
    this.triedAtMs = this.clock.now();
    let schemas: readonly TypeSchema[];
    try {
      schemas = schemasOf(await this.load());
    } catch (error) {
      throw this.unreadable(error);
    }
    if (this.isStale) this.log?.info('The types of the source can be read again.', { event: 'types.up' });
    this.isStale = false;
    this.types = {
      byName: new Map(schemas.map((schema) => [schema.name, schema])),
      byId: new Map(schemas.map((schema) => [schema.id, schema])),
      byDisplayName: new Map(schemas.map((schema) => [schema.displayName, schema])),
      readAtMs: this.clock.now(),
    };
    return this.types;
  }

  private unreadable(cause: unknown): UnavailableError {
    const problem = `The types of the source cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    if (!this.isStale && this.types !== undefined) {
      const since = new Date(this.types.readAtMs).toISOString();
      this.log?.warn(`${problem} Those of ${since} stay in use; what was added since has no labels.`, {
        event: 'types.down',
      });
    }
    this.isStale = true;
    return new UnavailableError(problem, { code: 'types-unreadable', cause });
  }
}

/**
 * Throws if there is no incident type, because then the answer is not about types. A malformed type is only left out.
 */
function schemasOf(answer: Iterable<TypeDescription>): readonly TypeSchema[] {
  const schemas = [...answer].filter(isType).map(toTypeSchema);
  if (!schemas.some(({ name }) => name === 'incident')) throw new Error('The answer holds no type "incident".');
  return schemas;
}

function isType(type: unknown): type is TypeDescription {
  const { id, type_name: name } = (type ?? {}) as Partial<Record<keyof TypeDescription, unknown>>;
  return typeof id === 'number' && typeof name === 'string';
}
