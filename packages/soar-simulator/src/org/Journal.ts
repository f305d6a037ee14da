import type { Principal } from './people/People.js';
import type { IncidentRecord, TaskRecord } from './records.js';

/** Who writes, and in response to which rule's message. */
export interface WriteContext {
  readonly actor: Principal;
  readonly contextToken?: string | undefined;
}

export interface Change {
  /** Type name: `incident`, `task`, ... or a table's API name. */
  readonly type: string;
  readonly operation: 'created' | 'modified' | 'deleted';
  readonly id: number;
  readonly incident: IncidentRecord;
  /** The changed task, or the task that a note or an attachment belongs to. */
  readonly task: TaskRecord | null;
  /** The object as a plain GET shows it (for a deleted object: as it was). */
  readonly object: () => Record<string, unknown>;
  /** Made by the platform itself in the same transaction (automatic tasks). */
  readonly automatic?: boolean;
}

export type ChangeListener = (changes: readonly Change[], write: WriteContext) => void;

/** Collects the changes of one write and passes them on when it ends; a write that throws passes on nothing. */
export class Journal {
  private readonly listeners: ChangeListener[] = [];
  private open: Change[] | undefined;

  onChanges(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  /** Writes are synchronous, so a nested write belongs to the one that called it. */
  within<T>(write: WriteContext, work: () => T): T {
    if (this.open) return work();
    this.open = [];
    try {
      const result = work();
      const changes = this.open;
      if (changes.length > 0) for (const listener of this.listeners) listener(changes, write);
      return result;
    } finally {
      this.open = undefined;
    }
  }

  record(change: Change): void {
    this.open?.push(change);
  }
}
