import type { SoarObject } from './FeedEvent.js';
import type { ObjectKey } from './ObjectKey.js';
import type { TypeSchema } from './TypeSchema.js';

/** What a target may ask of the source organization. */
export interface SourceOrg {
  /** REST host name, as in `[resilient] host`. */
  readonly host: string;
  readonly orgId: number;
  readonly orgName: string;
  /** Every type that is an incident or belongs to one, data tables included; as the source had them last. */
  types(): Promise<readonly TypeSchema[]>;
  /** Reads the object now. `undefined` when it is gone; `parent` is needed for children of tasks. */
  fetch(key: ObjectKey, parent?: ObjectKey): Promise<SoarObject | undefined>;
}
