import { StoreError } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { GroupCommit, Lease, migrate, openDatabase } from '@soar-feed/store';
import type { Database, MigrationStep } from '@soar-feed/store';
import { idText } from './idText.js';

/** What was sent of an object. */
export interface Sent {
  readonly key: ObjectKey;
  readonly taskId?: number;
  /** Of its last event. */
  readonly version: number;
  /** Of the state that Splunk has for sure; `''` while that is not known. */
  readonly hash: string;
  readonly isDeleted: boolean;
}

interface Row {
  readonly feed: string;
  readonly org_id: number;
  readonly type: string;
  readonly object_id: number;
  readonly inc_id: number;
  readonly task_id: number | null;
  readonly version: number;
  readonly hash: string;
  readonly deleted: number;
}

const TABLE = 'soar_feed_splunk_sent';
const KEY = ['feed', 'org_id', 'type', 'object_id'];
/** Rows of one statement: SQLite takes 500 of an insert. */
const SLICE = 200;

const steps: readonly MigrationStep[] = [
  {
    name: 'sent',
    up: (trx) =>
      trx.schema.createTable(TABLE, (table) => {
        table.text('feed').notNullable();
        table.bigInteger('org_id').notNullable();
        table.text('type').notNullable();
        table.bigInteger('object_id').notNullable();
        table.bigInteger('inc_id').notNullable();
        table.bigInteger('task_id').nullable();
        table.bigInteger('version').notNullable();
        table.text('hash').notNullable();
        table.integer('deleted').notNullable();
        table.primary(KEY);
        table.index(['feed', 'org_id', 'inc_id'], 'soar_feed_splunk_sent_incident');
      }),
  },
];

/**
 * What Splunk was sent, in an SQLite file of the feed's own. Before an object is sent, its row says that its state is not
 * known; when Splunk has it for sure, the row gets the hash. So a crash at any point leads to one event too many at most.
 */
export class SentStore {
  private opened: { readonly database: Database; readonly lease: Lease; readonly commits: GroupCommit } | undefined;

  constructor(
    private readonly file: string,
    private readonly feed: string,
  ) {}

  /** Throws `StoreError`, also where another process holds it. */
  async open(): Promise<void> {
    const database = await openDatabase({ client: 'sqlite', file: this.file, refuseForeign: true });
    try {
      const lease = await Lease.take(database, `splunk-${this.feed}`);
      try {
        await migrate(database, 'splunk-sent', steps);
      } catch (error) {
        await lease.release();
        throw error;
      }
      const commits = new GroupCommit(database, { before: (_trx, statements) => lease.fence(statements) });
      this.opened = { database, lease, commits };
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened === undefined) return;
    await opened.commits.close();
    await opened.lease.release();
    await opened.database.close();
  }

  /** By `idText`: also what another incident had under the same id. */
  async of(keys: readonly ObjectKey[]): Promise<ReadonlyMap<string, Sent>> {
    const { reader } = this.use().database;
    const found = new Map<string, Sent>();
    for (let from = 0; from < keys.length; from += SLICE) {
      const part = keys.slice(from, from + SLICE).map(({ orgId, type, objectId }) => [orgId, type, objectId]);
      const rows = await reader<Row>(TABLE).where({ feed: this.feed }).whereIn(['org_id', 'type', 'object_id'], part);
      for (const sent of (rows as readonly Row[]).map(sentOf)) found.set(idText(sent.key), sent);
    }
    return found;
  }

  /** What is there of an incident or a task, or may be, without itself. */
  async below({ orgId, incidentId, type, objectId }: ObjectKey): Promise<readonly Sent[]> {
    const { reader } = this.use().database;
    const all = reader<Row>(TABLE)
      .where({ feed: this.feed, org_id: orgId, inc_id: incidentId })
      .where((of) => void of.where({ deleted: 0 }).orWhere({ hash: '' }));
    const rows = (await (type === 'incident' ? all : all.where({ task_id: objectId }))) as Row[];
    return rows.map(sentOf).filter(({ key }) => key.type !== type || key.objectId !== objectId);
  }

  /** These are about to be sent: their states are not known until `has` says so. Durable when it resolves. */
  async begin(all: readonly Sent[]): Promise<void> {
    await this.use().commits.run(async (trx) => {
      for (let from = 0; from < all.length; from += SLICE) {
        const rows = all.slice(from, from + SLICE).map((sent) => this.rowOf({ ...sent, hash: '' }));
        await trx(TABLE).insert(rows).onConflict(KEY).merge();
      }
    });
  }

  /** Splunk has these for sure. What was sent again since stays not known. Durable when it resolves. */
  async has(all: readonly Sent[]): Promise<void> {
    await this.use().commits.run(async (trx) => {
      for (const { key, version, hash } of all) {
        const { orgId: org_id, type, objectId: object_id } = key;
        await trx(TABLE).where({ feed: this.feed, org_id, type, object_id, version }).update({ hash });
      }
    });
  }

  private use(): NonNullable<SentStore['opened']> {
    if (this.opened === undefined) throw new StoreError(`${this.file} is not open.`, { code: 'store-closed' });
    return this.opened;
  }

  private rowOf({ key, taskId, version, hash, isDeleted }: Sent): Row {
    const { orgId: org_id, type, objectId: object_id, incidentId: inc_id } = key;
    const deleted = isDeleted ? 1 : 0;
    return { feed: this.feed, org_id, type, object_id, inc_id, task_id: taskId ?? null, version, hash, deleted };
  }
}

function sentOf({ org_id, type, object_id, inc_id, task_id, version, hash, deleted }: Row): Sent {
  return {
    key: { orgId: org_id, incidentId: inc_id, type, objectId: object_id },
    ...(task_id === null ? {} : { taskId: task_id }),
    version,
    hash,
    isDeleted: deleted === 1,
  };
}
