import { StoreError } from '../contract/errors.js';
import type { Checkpoint, CheckpointStore, FeedStore } from '../contract/FeedStore.js';
import { MemoryOutcomeStore } from './MemoryOutcomeStore.js';
import { MemoryParkedStore } from './MemoryParkedStore.js';
import { MemorySettlementStore } from './MemorySettlementStore.js';

export interface MemoryStoreOptions {
  /** A larger payload is not kept with its row; the object is read from the source again. Default 1 MB. */
  readonly maxPayloadBytes?: number;
}

/**
 * A `FeedStore` in memory: for tests, and for programs that would rather load everything again than keep a database. It
 * keeps its rows when it is closed and opened again.
 */
export class MemoryStore implements FeedStore {
  readonly parked: MemoryParkedStore;
  readonly settlements: MemorySettlementStore;
  readonly outcomes: MemoryOutcomeStore;
  readonly checkpoints: CheckpointStore;
  private isOpen = false;

  constructor({ maxPayloadBytes = 1_000_000 }: MemoryStoreOptions = {}) {
    const assertOpen = () => this.assertOpen();
    this.outcomes = new MemoryOutcomeStore(assertOpen);
    this.parked = new MemoryParkedStore(assertOpen, maxPayloadBytes, this.outcomes);
    this.settlements = new MemorySettlementStore(assertOpen, this.parked, this.outcomes);
    this.checkpoints = new MemoryCheckpointStore(assertOpen);
  }

  async open(): Promise<void> {
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  private assertOpen(): void {
    if (!this.isOpen) throw new StoreError('The state store is not open.', { code: 'store-closed' });
  }
}

class MemoryCheckpointStore implements CheckpointStore {
  private readonly texts = new Map<string, string>();

  constructor(private readonly assertOpen: () => void) {}

  async read(name: string): Promise<Checkpoint | undefined> {
    this.assertOpen();
    const text = this.texts.get(name);
    return text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
  }

  async write(name: string, at: Checkpoint): Promise<void> {
    this.assertOpen();
    this.texts.set(name, JSON.stringify(at));
  }

  async clear(name: string): Promise<void> {
    this.assertOpen();
    this.texts.delete(name);
  }
}
