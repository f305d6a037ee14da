import type { Creates } from './Creates.js';
import type { Rows } from './Rows.js';

/**
 * The mapping of one feed: opened and closed with its target, and asked through two ports. The ports outlive an opening;
 * while the mapping is closed, their methods throw `StoreError` `mapping-closed`.
 */
export interface MappingStore {
  readonly rows: Rows;
  readonly creates: Creates;

  /** Checks that `open` can work, without changing anything. Throws `StoreError`. */
  inspect(): Promise<void>;
  /** Checks that commits still go where the next start will look for them. Throws `StoreError`. */
  check(): Promise<void>;
  /**
   * Before each change of the target. Resolves at once while no other host can have taken the mapping over; otherwise once the
   * database has said that it is still ours. Throws `StoreError`.
   */
  assertOurs(): Promise<void>;
  /** Opens the database and brings its tables to our shape; the target organization is not known earlier. */
  open(targetOrgId: number): Promise<void>;
  /** Resolves when every running commit is durable or has failed. */
  close(): Promise<void>;

  /** Incidents of this source for which IBM's feed still had something to retry, ascending. */
  retries(sourceOrgId: number): Promise<readonly number[]>;
  /** Deletes IBM's retries of these incidents: another way of loading them is durable. */
  forgetRetries(sourceOrgId: number, incidentIds: readonly number[]): Promise<void>;
}
