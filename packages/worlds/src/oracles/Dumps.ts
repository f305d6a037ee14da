import type { OrgDump } from '@soar-feed/soar-simulator';

/** What both organizations hold, once all is quiet. */
export interface Dumps {
  readonly source: OrgDump;
  readonly target: OrgDump;
}
