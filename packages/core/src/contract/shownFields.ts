import type { SoarObject } from './FeedEvent.js';

/** The incident fields of the source in which a feed shows itself; see `show_in_source`. */
export interface ShownNames {
  /** Text: the web address of the counterpart. */
  readonly link: string;
  /** Text: whether the destination has everything. */
  readonly state: string;
  /** Date and time: when the last change arrived. */
  readonly synced: string;
}

/**
 * All fields of that kind, of any feed and host: what a feed writes into its source is no change of the incident, so no
 * feed may carry it on. They are known by their names alone, since a host does not know the feeds of the others.
 */
const SHOWN = /^soar_feed_[a-z0-9_]+_(?:link|state|synced)$/;

export function isShownField(name: string): boolean {
  return SHOWN.test(name);
}

/** Names of API fields are of lower-case letters, digits and underscores. */
export function shownNames(feed: string): ShownNames {
  const word = feed
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const of = (what: string): string => `soar_feed_${word === '' ? 'feed' : word}_${what}`;
  return { link: of('link'), state: of('state'), synced: of('synced') };
}

/** The incident without these fields; the very same object if it has none. */
export function withoutShown(incident: SoarObject): SoarObject {
  const { properties } = incident;
  if (typeof properties !== 'object' || properties === null || !Object.keys(properties).some(isShownField))
    return incident;
  const kept = Object.entries(properties).filter(([name]) => !isShownField(name));
  return { ...incident, properties: Object.fromEntries(kept) };
}
