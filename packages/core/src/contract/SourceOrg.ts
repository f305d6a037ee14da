import type { SoarObject } from './FeedEvent.js';
import type { ObjectKey } from './ObjectKey.js';
import type { TypeSchema } from './TypeSchema.js';

/** A server's clock as measured against ours, ms. */
export interface ServerTime {
  /** Whether any answer has given the time yet. */
  readonly measured: boolean;
  /** Server minus ours; 0 until measured. */
  readonly offsetMs: number;
  /** By how much that may be wrong. */
  readonly uncertaintyMs: number;
  /** The server's time, since the epoch. */
  serverNow(): number;
}

/** What a target may ask of the source organization. */
export interface SourceOrg {
  /** How far the server's clock is from ours; absent: not known. */
  readonly serverClock?: ServerTime | undefined;
  /** REST host name, as in `[resilient] host`. */
  readonly host: string;
  readonly orgId: number;
  readonly orgName: string;
  /**
   * Absent if the server does not give it. An organization has the same one everywhere, whatever its server is called.
   */
  readonly orgUuid?: string | undefined;
  /** Our own login's principal at the source: the `creator_principal` of everything that this login made there. */
  readonly principalId?: number;
  /** Every type that is an incident or belongs to one, data tables included, as last read from the source. */
  types(): Promise<readonly TypeSchema[]>;
  /** Reads the object now. `undefined` when it is gone; `parent` is needed for children of tasks. */
  fetch(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined>;
  /** The incident's own notes as they are now, replies inside; throws what reading throws. */
  notes?(incidentId: number): Promise<readonly SoarObject[]>;
  /** The incident's tasks as they are now, each with its notes and their replies; throws what reading throws. */
  tasks?(incidentId: number): Promise<readonly SoarObject[]>;
}
