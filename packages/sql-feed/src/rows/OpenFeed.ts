import { FeedError, flatten, Replies } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { DeliveryOutcome, FeedEvent, FlatRow } from '@soar-feed/core';
import { Catalogue } from '../catalogue/Catalogue.js';
import { kindOfExtra } from '../catalogue/kinds.js';
import type { WantedField } from '../catalogue/kinds.js';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { idFields, idValues } from '../choices/idColumns.js';
import type { SqlFeedSettings } from '../config/toSettings.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound } from '../dialects/Dialect.js';
import type { ObservedFeed } from '../RowObserver.js';
import type { SqlFeedServices } from '../SqlFeedServices.js';
import { BatchWriter } from './BatchWriter.js';
import type { Prepared } from './BatchWriter.js';
import { writeOrBisect } from './bisect.js';
import { Deletes } from './Deletes.js';
import { LedgerTable } from './Ledger.js';
import { readContent } from './readContent.js';
import { toRow } from './toRow.js';

/** Whether a field of incidents is not written. */
export type FieldFilter = (field: string) => boolean;

export type Ready = { readonly prepared: Prepared } | { readonly failed: Error };

/** Runs the work while nothing is written. */
export type Alone = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * An open destination and all that is known of its tables. Calls of `ready` must not overlap, nor those of `write`; one of each
 * may run at a time.
 */
export class OpenFeed {
  private readonly catalogue: Catalogue;
  private readonly ledger: LedgerTable;
  private readonly writer: BatchWriter;
  private readonly observed: ObservedFeed;
  private readonly replies: Replies;
  private readonly planned = new Set<TablePlan>();
  private isExcluded: FieldFilter = () => false;

  constructor(
    private readonly database: SqlDatabase,
    private readonly settings: SqlFeedSettings,
    private readonly services: SqlFeedServices,
    private readonly alone: Alone,
  ) {
    const { tablePrefix: prefix, schema, onDelete, indexes, foreignKeys } = settings;
    const marks = onDelete === 'mark';
    this.replies = new Replies(services.source);
    const changing = async (trx: Knex): Promise<void> => {
      for (const observer of services.observers ?? []) await observer.changing?.(trx, this.observed);
    };
    const leavesOut = (type: string, field: string): boolean => type === 'incident' && this.leavesOut(field);
    const options = { prefix, schema, marksDeletes: marks, indexes, foreignKeys, leavesOut, changing };
    this.catalogue = new Catalogue(database, options, services.log);
    this.ledger = new LedgerTable(database, this.catalogue.ownTable('objects'));
    const plans = () => this.catalogue.plans();
    this.observed = { database, ownTable: (word) => this.catalogue.ownTable(word), plans };
    this.writer = new BatchWriter({
      database,
      catalogue: this.catalogue,
      ledger: this.ledger,
      foreignKeys,
      deletes: new Deletes(database, plans, marks),
      observers: services.observers ?? [],
      observed: this.observed,
    });
  }

  /** Makes the tables of all types that the source names; without a source, each with its first object. */
  async prepare(isExcluded: FieldFilter): Promise<void> {
    this.isExcluded = isExcluded;
    await this.catalogue.load();
    await this.ledger.prepare();
    for (const observer of this.services.observers ?? []) await observer.open(this.observed);
    for (const schema of await this.typesOfSource())
      await this.planOf(schema, this.settings.ids ? idFields(this.shown(schema)) : []);
  }

  /** The events as rows, each with its table as it must be. Throws what is about the database as a whole. */
  async ready(events: readonly FeedEvent[], signal: AbortSignal): Promise<readonly Ready[]> {
    const ready: Ready[] = [];
    for (const event of events) ready.push(await this.readyOne(event, signal));
    signal.throwIfAborted();
    return ready;
  }

  /** One outcome per event. Throws what is about the database as a whole. */
  async write(ready: readonly Ready[]): Promise<readonly DeliveryOutcome[]> {
    const prepared = ready.flatMap((one) => ('prepared' in one ? [one.prepared] : []));
    try {
      const outcomes = prepared.length === 0 ? [] : await writeOrBisect(prepared, (part) => this.writer.write(part));
      let at = 0;
      return ready.map((one): DeliveryOutcome =>
        'failed' in one ? { status: 'failed', error: one.failed } : (outcomes[at++] as DeliveryOutcome),
      );
    } catch (error) {
      if (FeedError.is(error) && error.code === 'sql-table-changed') this.catalogue.forget();
      throw error;
    }
  }

  async ping(): Promise<void> {
    await this.database.transaction(async (trx) => {
      await trx.raw(this.database.dialect.name === 'oracle' ? 'SELECT 1 FROM dual' : 'SELECT 1');
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** What fails here is about this event alone, unless it is about the database. */
  private async readyOne(event: FeedEvent, signal: AbortSignal): Promise<Ready> {
    let content: Buffer | undefined;
    let replies: readonly number[] = [];
    try {
      if (event.operation === 'delete') replies = (await this.replies.gone(event)).map(({ objectId }) => objectId);
      if (event.operation === 'upsert' && event.content !== undefined && this.settings.content)
        content = await readContent(event.content, this.settings.maxContent, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { failed: error as Error };
    }
    return { prepared: await this.prepared(event, content, replies) };
  }

  private async prepared(event: FeedEvent, content: Buffer | undefined, replies: readonly number[]): Promise<Prepared> {
    const { dialect } = this.database;
    if (event.operation === 'delete')
      return { event, plan: await this.planOf(event.schema), values: new Map(), replies };
    const flat = this.flat(event);
    const wanted = [...extrasIn(flat, event), ...(this.settings.ids ? idFields(this.shown(event.schema)) : [])];
    let plan = await this.planOf(event.schema, wanted);
    let { values, homeless } = toRow(flat, plan, dialect);
    if (homeless.length > 0) {
      plan = await this.planOf(event.schema, [], true);
      ({ values, homeless } = toRow(flat, plan, dialect));
    }
    return { event, plan, values: withContent(values, plan, content) };
  }

  private flat(event: FeedEvent): FlatRow {
    const flat = { ...flatten(event), ...(this.settings.ids ? idValues(this.shownEvent(event)) : {}) };
    if (event.key.type !== 'incident') return flat;
    return Object.fromEntries(Object.entries(flat).filter(([field]) => !this.leavesOut(field)));
  }

  private shownEvent(event: FeedEvent): FeedEvent {
    return { ...event, schema: this.shown(event.schema) };
  }

  private leavesOut(field: string): boolean {
    return field !== OWN_COLUMNS.id && field !== OWN_COLUMNS.incident && this.isExcluded(field);
  }

  private async planOf(
    schema: FeedEvent['schema'],
    extra: readonly WantedField[] = [],
    more = false,
  ): Promise<TablePlan> {
    const shown = this.shown(schema);
    const known = this.catalogue.knownPlan(shown, extra, { more });
    if (known !== undefined && this.planned.has(known)) return known;
    // DDL must meet no open transaction.
    return this.alone(async () => this.observe(await this.catalogue.planFor(shown, extra, { more })));
  }

  private readonly shownSchemas = new WeakMap<FeedEvent['schema'], FeedEvent['schema']>();

  /** The schema without the fields that are left out: they get no columns, either. */
  private shown(schema: FeedEvent['schema']): FeedEvent['schema'] {
    if (schema.name !== 'incident') return schema;
    let shown = this.shownSchemas.get(schema);
    if (shown === undefined) {
      shown = { ...schema, fields: new Map([...schema.fields].filter(([field]) => !this.leavesOut(field))) };
      this.shownSchemas.set(schema, shown);
    }
    return shown;
  }

  private async observe(plan: TablePlan): Promise<TablePlan> {
    if (this.planned.has(plan)) return plan;
    for (const observer of this.services.observers ?? []) await observer.planned?.(plan, this.observed);
    this.planned.add(plan);
    return plan;
  }

  private async typesOfSource(): Promise<readonly FeedEvent['schema'][]> {
    try {
      return (await this.services.source?.types()) ?? [];
    } catch {
      // The source is away: its objects bring their types along.
      return [];
    }
  }
}

function extrasIn(flat: FlatRow, { schema }: FeedEvent): readonly WantedField[] {
  return Object.entries(flat)
    .filter(([field]) => !schema.fields.has(field) && !field.endsWith('__id'))
    .map(([field, value]) => ({ field, kind: kindOfExtra(field, value) }));
}

function withContent(
  values: Map<string, Bound>,
  plan: TablePlan,
  content: Buffer | undefined,
): ReadonlyMap<string, Bound> {
  const column = plan.columns.get(OWN_COLUMNS.content);
  return content === undefined || column === undefined ? values : new Map([...values, [column.name, content]]);
}
