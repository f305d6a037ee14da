import type { FeedEvent } from '@soar-feed/core';

/** The org a feed writes to. */
export interface TargetIdentity {
  readonly host: string;
  readonly orgId: number;
}

/**
 * Whether an incident came from that org in the first place: its references (`df_*`, written by a feed in the opposite
 * direction) say so. Org ids are unique per platform only, so the host counts where it is kept.
 */
export function isReplica(event: FeedEvent, target: TargetIdentity): boolean {
  const properties = event.payload['properties'];
  if (typeof properties !== 'object' || properties === null) return false;
  const { df_org_id: orgId, df_inc_id: incidentId, df_host: host } = properties as Readonly<Record<string, unknown>>;
  if (orgId !== target.orgId || typeof incidentId !== 'number' || incidentId <= 0) return false;
  return typeof host !== 'string' || host.trim() === '' || hostOf(host) === hostOf(target.host);
}

/** The host of what people write as one. */
export function hostOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[:/].*$/, '');
}
