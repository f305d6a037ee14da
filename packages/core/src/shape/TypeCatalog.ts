import type { Clock } from '../contract/Clock.js';
import { UnavailableError } from '../contract/errors.js';
import { isShownField } from '../contract/shownFields.js';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { Logger } from '../contract/Logger.js';
import type { TypeSchema } from '../contract/TypeSchema.js';
import type { TypeDescription } from './toTypeSchema.js';
import { Allowance } from './Allowance.js';
import { toTypeSchema } from './toTypeSchema.js';
import { unknownToSchema } from './unknownToSchema.js';

/** Types change rarely, but fields and options are added while a feed runs for months. */
const FRESH_MS = 10 * 60_000;
/** An unknown type or field asks for a refresh this often. */
const REFRESH_EVERY_MS = 30_000;
/**
 * What is unknown for the first time asks at once, since its value would be lost: so often in a row, then once in each
 * `SEEK_EVERY_MS`. Each part asks so once in `FRESH_MS`, as it may be gone for good.
 */
const SEEK_BURST = 10;
const SEEK_EVERY_MS = 5_000;
const SOUGHT_MAX = 10_000;

interface Types {
  readonly byName: ReadonlyMap<string, TypeSchema>;
  readonly byId: ReadonlyMap<number, TypeSchema>;
  readonly byDisplayName: ReadonlyMap<string, TypeSchema>;
  readonly readAtMs: number;
  readonly readSteadyMs: number;
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
  private readonly allowance = new Allowance(SEEK_BURST, SEEK_EVERY_MS);

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
    return this.find(`name ${name}`, (types) => types.byName.get(name));
  }

  /** By the number that messages carry; a data table has its own, 1001 or above. */
  async numbered(id: number): Promise<TypeSchema | undefined> {
    return this.find(`number ${id}`, (types) => types.byId.get(id));
  }

  /** search_ex names a data table by its label. */
  async labelled(displayName: string): Promise<TypeSchema | undefined> {
    return this.find(`label ${displayName}`, (types) => types.byDisplayName.get(displayName));
  }

  /** Reads the types again, if they can be read, because a message names fields that they lack. */
  async refresh(fields: readonly string[] = []): Promise<void> {
    const isDue = this.types === undefined || this.clock.steadyMs() - this.triedAtMs >= REFRESH_EVERY_MS;
    if (!isDue && !this.maySeek(fields)) return;
    const types = await this.readAnew().catch((error: unknown) => {
      if (this.types === undefined) throw error;
    });
    if (types !== undefined) this.remember(fields);
  }

  /**
   * The schema for an object that was read from the source. Unlike a message, such an object does not carry its labels,
   * so the types are read again if it has a field, an option, a person or a workspace that was added since.
   */
  async knowing(schema: TypeSchema, object: SoarObject): Promise<TypeSchema> {
    if (unknownToSchema(schema, object).length === 0) return schema;
    const { byName } = await this.current();
    const known = byName.get(schema.name) ?? schema;
    if (!this.maySeek(unknownToSchema(known, object))) return known;
    const suffices = (types: Types): boolean =>
      unknownToSchema(types.byName.get(schema.name) ?? known, object).length === 0;
    const types = await this.readAnew(suffices).catch(() => undefined);
    const fresh = types?.byName.get(schema.name);
    if (fresh === undefined) return known;
    this.remember(unknownToSchema(fresh, object));
    return fresh;
  }

  private async find(part: string, lookUp: (types: Types) => TypeSchema | undefined): Promise<TypeSchema | undefined> {
    const types = await this.current();
    const found = lookUp(types);
    if (found !== undefined) return found;
    if (this.clock.steadyMs() - types.readSteadyMs < REFRESH_EVERY_MS && !this.maySeek([part])) return undefined;
    const fresh = lookUp(await this.readAnew((begun) => lookUp(begun) !== undefined));
    if (fresh === undefined) this.remember([part]);
    return fresh;
  }

  /** Whether one of these was not looked for lately, and the types were not read too often. */
  private maySeek(parts: readonly string[]): boolean {
    const now = this.clock.steadyMs();
    const isNews = (part: string): boolean => now - (this.sought.get(part) ?? -Infinity) > FRESH_MS;
    return parts.some(isNews) && this.allowance.take(now);
  }

  private remember(parts: readonly string[]): void {
    if (this.sought.size > SOUGHT_MAX) this.sought.clear();
    for (const part of parts) this.sought.set(part, this.clock.steadyMs());
  }

  /** A reading that has begun already may be older than what is looked for: if it lacks that, another one follows. */
  private async readAnew(suffices: (types: Types) => boolean = () => false): Promise<Types> {
    const begun = await this.reading?.catch(() => undefined);
    return begun !== undefined && suffices(begun) ? begun : this.read();
  }

  private async current(): Promise<Types> {
    if (this.types === undefined) return this.read();
    // Old types still serve while the new ones are read, and when they cannot be read.
    const now = this.clock.steadyMs();
    if (now - this.types.readSteadyMs > FRESH_MS && now - this.triedAtMs > REFRESH_EVERY_MS)
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
    this.triedAtMs = this.clock.steadyMs();
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
      readSteadyMs: this.clock.steadyMs(),
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
  const schemas = [...answer].filter(isType).map(toTypeSchema).map(withoutShownFields);
  if (!schemas.some(({ name }) => name === 'incident')) throw new Error('The answer holds no type "incident".');
  return schemas;
}

/** What feeds show in the source's incidents is for people there, and no part of the incident. */
function withoutShownFields(schema: TypeSchema): TypeSchema {
  if (schema.name !== 'incident' || ![...schema.fields.keys()].some(isShownField)) return schema;
  return { ...schema, fields: new Map([...schema.fields].filter(([name]) => !isShownField(name))) };
}

function isType(type: unknown): type is TypeDescription {
  const { id, type_name: name } = (type ?? {}) as Partial<Record<keyof TypeDescription, unknown>>;
  return typeof id === 'number' && typeof name === 'string';
}
