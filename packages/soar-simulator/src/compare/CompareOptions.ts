import type { DumpIncident } from '../dump/OrgDump.js';

export interface CompareOptions {
  /** Which incidents of the source belong in the target; default: all. */
  readonly expected?: (incident: DumpIncident) => boolean;
  /** Incidents that the target had before, or got from elsewhere; default: those whose reference names another org. */
  readonly ownOfTarget?: (incident: DumpIncident) => boolean;
  /**
   * Fields that the feed was configured to omit: `incident.properties.cost`, `task.members`, `affected_hosts.comment`.
   */
  readonly ignoreFields?: readonly string[];
  /**
   * Applied to the notes of both orgs before they are compared, to remove what the feed was configured to add (author
   * and date).
   */
  readonly noteText?: (text: string) => string;
}
