import type { Random, SimOrg } from '@soar-feed/soar-simulator';

/** Incidents with this `risk_level` do not match the filter of a filtered site. */
export const UNMATCHED = 'Extreme';

/** What each workspace of the source feeds at a routed site. */
export const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'Default workspace': ['resilient_feed', 'file_feed'],
  Legal: ['resilient_feed'],
  'Red Team': ['file_feed'],
};

/** One incident begins to match the filter, or no longer does. */
export function flip(source: SimOrg, random: Random): void {
  const id = random.pick(source.incidentIds());
  source.updateIncident(id, { properties: { risk_level: random.pick(['Low', 'Elevated', UNMATCHED, UNMATCHED]) } });
}

/** One incident moves to a workspace. */
export function move(source: SimOrg, random: Random): void {
  const id = random.pick(source.incidentIds());
  source.updateIncident(id, { workspace: random.pick(Object.keys(ROUTES)) });
}
