import type { PassingEvent } from '@soar-feed/core/runtime';

/** Which events are wanted; what is absent matches all. */
export interface TapFilter {
  readonly incident?: number | undefined;
  readonly feed?: string | undefined;
  readonly type?: string | undefined;
}

export function wants({ incident, feed, type }: TapFilter, passing: PassingEvent): boolean {
  if (incident !== undefined && passing.incidentId !== incident) return false;
  if (feed !== undefined && passing.feed !== feed) return false;
  return type === undefined || passing.type === type;
}
