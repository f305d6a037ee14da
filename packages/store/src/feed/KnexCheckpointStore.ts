import type { Checkpoint, CheckpointStore } from '@soar-feed/core';
import type { FeedRows } from './FeedRows.js';
import { toJson } from './ParkedRow.js';
import { CHECKPOINTS } from './steps.js';

interface CheckpointRow {
  readonly name: string;
  readonly checkpoint: string;
}

export class KnexCheckpointStore implements CheckpointStore {
  constructor(private readonly rows: () => FeedRows) {}

  async read(name: string): Promise<Checkpoint | undefined> {
    const row = await this.rows().read((knex) => knex<CheckpointRow>(CHECKPOINTS).where({ name }).first());
    return row === undefined ? undefined : (JSON.parse(row.checkpoint) as Checkpoint);
  }

  async write(name: string, at: Checkpoint): Promise<void> {
    return this.rows().write(async (trx) => {
      await trx<CheckpointRow>(CHECKPOINTS)
        .insert({ name, checkpoint: toJson(at) })
        .onConflict('name')
        .merge();
    });
  }

  async clear(name: string): Promise<void> {
    return this.rows().write(async (trx) => {
      await trx<CheckpointRow>(CHECKPOINTS).where({ name }).delete();
    });
  }
}
