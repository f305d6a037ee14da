import type { ConfigurationDto } from '@soar-feed/soar-client';
import type { SoarObject } from '../contract/FeedEvent.js';

/** The lists of a configuration that a piece can be in. */
export type ListName =
  | 'fields'
  | 'actions'
  | 'functions'
  | 'message_destinations'
  | 'playbooks'
  | 'types'
  | 'phases'
  | 'incident_types'
  | 'incident_artifact_types';

/** The entries of a list; a server may leave out or null what is empty. */
export function entriesOf(configuration: ConfigurationDto, list: ListName): readonly SoarObject[] {
  const entries = configuration[list];
  return Array.isArray(entries) ? (entries as readonly SoarObject[]) : [];
}

/** What an entry is known by within its list: of a rule its name, of a field "type/name". */
export function keyOf(entry: SoarObject): string {
  for (const key of ['export_key', 'programmatic_name', 'type_name', 'name']) {
    const value = entry[key];
    if (typeof value === 'string') return value;
  }
  return '';
}
