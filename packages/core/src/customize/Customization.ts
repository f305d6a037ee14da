import type { ConfigurationDto } from '@soar-feed/soar-client';
import type { PlanItem } from './PlanItem.js';

/** What an organization needs, and what it lacks of it. Every method throws SoarApiError, or `PermanentError` where the platform refuses. */
export interface Customization {
  /** In the order in which things are made. */
  readonly items: readonly PlanItem[];
  /** What would be imported; nothing but IBM's two placeholders if nothing is missing. */
  readonly configuration: ConfigurationDto;
  /** Makes what is missing. Returns what the platform did not take and the feed can do without. */
  apply(signal?: AbortSignal): Promise<readonly PlanItem[]>;
}

/** What a customization has made and nobody has changed since. */
export interface Undoing {
  readonly items: readonly PlanItem[];
  /** Removes it. Returns what could not be removed, with the reason. */
  apply(signal?: AbortSignal): Promise<readonly PlanItem[]>;
}
