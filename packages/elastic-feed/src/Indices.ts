import { FeedError, PermanentError } from '@soar-feed/core';
import type { Logger, TypeSchema } from '@soar-feed/core';
import type { Answer, Call } from './client.js';
import { indexName } from './indexName.js';
import { IndexState } from './IndexState.js';
import { propertiesOf, TOMBSTONE } from './mapping.js';
import type { Properties, Property } from './mapping.js';

/** Sends a call; throws the contract's errors. */
export type Send = (call: Call, doing: string, signal: AbortSignal) => Promise<Answer>;

export interface IndicesOptions {
  readonly prefix: string;
  readonly templates: boolean;
  readonly log: Logger;
}

/** Higher than the templates that products and users mostly have; ours name one index each. */
const PRIORITY = 200;

/** The indices of the feed: makes them, and follows the fields of their types while running. */
export class Indices {
  private readonly states = new Map<string, IndexState>();
  private readonly types = new Map<string, string>();
  private turn: Promise<unknown> = Promise.resolve();
  private templates: boolean;

  constructor(
    private readonly send: Send,
    private readonly options: IndicesOptions,
  ) {
    this.templates = options.templates;
  }

  /** Remembers what was deleted; no type may have its name. */
  get tombstones(): string {
    return `${this.options.prefix}soar_feed_deleted`;
  }

  /** The names of the indices that these types have. A type without a valid name has none. */
  namesOf(types: Iterable<string>): readonly string[] {
    return [...new Set([...this.types.keys(), ...this.validNamesOf(types)])];
  }

  /** Without those types that give no name. */
  validNamesOf(types: Iterable<string>): readonly string[] {
    return [...types].flatMap((type) => {
      try {
        return [this.nameOf(type)];
      } catch (error) {
        if (!FeedError.is(error)) throw error;
        return [];
      }
    });
  }

  nameOf(type: string): string {
    const name = indexName(this.options.prefix, type);
    const other = name === this.tombstones ? 'the list of deleted objects' : this.types.get(name);
    if (other === undefined || other === type) return name;
    throw new PermanentError(
      `The types ${JSON.stringify(type)} and ${JSON.stringify(other)} have the same index ${name}: names of indices know no upper case. Rename one of the two.`,
      { code: 'elastic-index-name' },
    );
  }

  async openTombstones(signal: AbortSignal): Promise<void> {
    await this.inTurn(() => this.follow(this.tombstones, TOMBSTONE, signal));
  }

  /** The index for documents of the type with these names, made or extended where needed. */
  async prepare(schema: TypeSchema, type: string, names: readonly string[], signal: AbortSignal): Promise<IndexState> {
    const index = this.nameOf(type);
    for (const name of names) assertFieldName(name, index);
    this.types.set(index, type);
    const wanted = propertiesOf(schema, names);
    const state = this.states.get(index);
    if (state !== undefined && state.missing(wanted).size === 0) return state;
    return this.inTurn(() => this.follow(index, wanted, signal));
  }

  /** Somebody deleted it: it is made anew. */
  forget(index: string): void {
    this.states.delete(index);
  }

  private async follow(index: string, wanted: Properties, signal: AbortSignal): Promise<IndexState> {
    const known = this.states.get(index) ?? (await this.read(index, signal));
    if (known === undefined) return this.make(index, wanted, signal);
    this.states.set(index, known);
    const missing = known.missing(wanted);
    if (missing.size === 0) return known;
    for (const [name, { to }] of known.detours) {
      if (missing.has(to))
        this.options.log.warn(
          `The field ${name} has another type than its index ${index} was made for; its new values are indexed as ${to}.`,
        );
    }
    await this.raiseLimit(known, missing, signal);
    await this.send(
      {
        method: 'PUT',
        path: `/${encodeURIComponent(index)}/_mapping`,
        body: { dynamic: false, properties: Object.fromEntries(missing) },
      },
      `Extending the index ${index}`,
      signal,
    );
    known.learn(missing);
    await this.putTemplate(known, signal);
    return known;
  }

  /** `undefined`: there is no such index. */
  private async read(index: string, signal: AbortSignal): Promise<IndexState | undefined> {
    const doing = `Reading the index ${index}`;
    const mapping = await this.send(
      { method: 'GET', path: `/${encodeURIComponent(index)}/_mapping`, also: [404] },
      doing,
      signal,
    );
    if (mapping.status === 404) return undefined;
    const path = `/${encodeURIComponent(index)}/_settings/index.mapping.total_fields.limit`;
    const settings = await this.send({ method: 'GET', path, query: { flat_settings: 'true' } }, doing, signal);
    const properties = first<{ mappings?: { properties?: Record<string, Property> } }>(mapping.body)?.mappings
      ?.properties;
    const limit = first<{ settings?: Record<string, string> }>(settings.body)?.settings?.[
      'index.mapping.total_fields.limit'
    ];
    return new IndexState(
      index,
      new Map(Object.entries(properties ?? {})),
      limit === undefined ? undefined : Number(limit),
    );
  }

  private async make(index: string, wanted: Properties, signal: AbortSignal): Promise<IndexState> {
    const state = new IndexState(index, new Map());
    state.limit = state.limitFor(wanted) ?? state.limit;
    state.learn(wanted);
    await this.putTemplate(state, signal);
    // 400: another process has just made it. It is read, then.
    const made = await this.send(
      { method: 'PUT', path: `/${encodeURIComponent(index)}`, body: bodyOf(state), also: [400] },
      `Making the index ${index}`,
      signal,
    );
    if (made.status === 400) {
      const type = (made.body as { error?: { type?: string } }).error?.type;
      const known = type === 'resource_already_exists_exception' ? await this.read(index, signal) : undefined;
      if (known === undefined) {
        throw new PermanentError(`Making the index ${index}: the server answered 400 (${type ?? 'no reason'}).`, {
          code: 'elastic-400',
        });
      }
      this.states.set(index, known);
      return this.follow(index, wanted, signal);
    }
    this.states.set(index, state);
    return state;
  }

  private async raiseLimit(state: IndexState, more: Properties, signal: AbortSignal): Promise<void> {
    const limit = state.limitFor(more);
    if (limit === undefined) return;
    await this.send(
      {
        method: 'PUT',
        path: `/${encodeURIComponent(state.name)}/_settings`,
        body: { 'index.mapping.total_fields.limit': limit },
      },
      `Raising the limit of fields of the index ${state.name}`,
      signal,
    );
    state.limit = limit;
  }

  /** The feed works without templates: a login that may not write them, or a clash with another, is said once. */
  private async putTemplate(state: IndexState, signal: AbortSignal): Promise<void> {
    if (!this.templates) return;
    const body = { index_patterns: [state.name], priority: PRIORITY, template: bodyOf(state) };
    const answer = await this.send(
      {
        method: 'PUT',
        path: `/_index_template/${encodeURIComponent(`soar-feed-${state.name}`)}`,
        body,
        also: [400, 403],
      },
      `Writing the template of the index ${state.name}`,
      signal,
    );
    if (answer.status < 400) return;
    this.templates = false;
    this.options.log.warn(
      `The server takes no index templates from this feed (${answer.status}), which goes on without; an index that somebody deletes comes back with its mapping at the next start only. Grant manage_index_templates, or set templates=false.`,
    );
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work, work);
    this.turn = next.catch(() => undefined);
    return next;
  }
}

/** A server takes a dot for the way into an object, and fails in various ways where nothing stands before or behind it. */
function assertFieldName(name: string, index: string): void {
  if (!/^\s*$|^\.|\.$|\.\./.test(name)) return;
  const problem = `A field named ${JSON.stringify(name)} has no place in the index ${index}; rename it at the source.`;
  throw new PermanentError(problem, { code: 'elastic-field-name' });
}

function bodyOf(state: IndexState): object {
  return {
    settings: { 'index.mapping.total_fields.limit': state.limit },
    // What no mapping names is kept and not indexed: the first value of a field must not decide its type.
    mappings: { dynamic: false, properties: Object.fromEntries(state.properties) },
  };
}

/** An index may be named by an alias: its answer then has the name of the index behind it. */
function first<T>(body: unknown): T | undefined {
  return Object.values((body ?? {}) as Record<string, T>)[0];
}
