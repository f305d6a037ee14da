import type { Readable } from 'node:stream';
import type { FieldTime } from './FieldTime.js';
import type { ObjectKey } from './ObjectKey.js';
import type { TypeSchema } from './TypeSchema.js';

/**
 * An object as the SOAR API shapes it: select values as ids, dates as ms, rich text as a string or `{format, content}`. A
 * whole number beyond ±(2^53 − 1), which a `number` cannot hold, is a `bigint`; `writeJson` writes it as the number it is
 * (`JSON.stringify` throws), `parseJson` reads it back, and a destination without such numbers may take `String(value)`.
 */
export type SoarObject = Readonly<Record<string, unknown>>;

/** The bytes of an attachment or file artifact; a fresh stream per `open()`, never the whole in memory. */
export interface ContentHandle {
  readonly name: string;
  readonly contentType?: string;
  /** Bytes, where the source says. */
  readonly size?: number;
  /** Throws what the source's client throws (`SoarApiError`): 404 when the object is gone. */
  open(options?: { readonly signal?: AbortSignal }): Promise<Readable>;
}

/**
 * A whole snapshot of one object, never a delta. Treat it as read-only (the testkit hands it over deep-frozen):
 * the same event goes to every feed.
 */
export interface FeedEvent {
  /** Stable across redelivery. */
  readonly id: string;
  readonly origin: 'queue' | 'reload' | 'replay';
  readonly operation: 'upsert' | 'delete';
  readonly key: ObjectKey;
  /**
   * What the object hangs under: its parent note or artifact where it has one, else its task, else its incident;
   * absent on an incident.
   */
  readonly parent?: ObjectKey;
  /** The workspace's label; `''` where it can no longer be known (a delete). */
  readonly workspace: string;
  /** Source clock, ms since the epoch. */
  readonly observedAtMs: number;
  readonly payload: SoarObject;
  readonly schema: TypeSchema;
  readonly content?: ContentHandle;
  /**
   * On an incident, for a target with the capability `timeSeries`, where `[feeds] timeseries` asks for it. Absent: not asked
   * for, or the source did not give it; what was written before stays right then.
   */
  readonly timeSeries?: readonly FieldTime[];
  /**
   * Set on an incident that is read whole (reload, resync): its objects come next and, if it is closed, the incident
   * once more without this mark. A target that must close last waits for that.
   */
  readonly followedByObjects?: true;
  /**
   * Read from the source's database because it contradicts what was applied before: an older version, or an object that
   * was deleted (or whose parent was). The source may have been restored from a backup, or a deleted note stands as a
   * frame for its replies. What the database says wins, even over what the target remembers of later versions or of the
   * delete.
   */
  readonly restored?: true;
  /**
   * The target was in doubt (`undecided`, `target-missing`), and a person has decided: make the object, whatever
   * the destination holds.
   */
  readonly decided?: true;
  /**
   * This event took the place of a parked one of the same object. An earlier process may have sent that one to the destination
   * without recording it: a target that sends only differences must compare with what the destination holds.
   */
  readonly replaces?: true;
}
