import type { Behaviour, OrgOptions } from '@soar-feed/soar-simulator';
import type { Side, SitePlan } from '../plan/Plan.js';
import type { World } from '../world/World.js';

/** One dangerous moment, brought about on purpose and judged like any run. */
export interface Scenario {
  readonly behaviour?: Partial<Behaviour>;
  readonly site?: Partial<SitePlan>;
  /** How far each server's clock is ahead of ours, ms. */
  readonly clocks?: Readonly<Record<Side, number>>;
  /** Options of the target organization beyond its usual ones. */
  readonly target?: Partial<OrgOptions>;
  /** Called before the first start of the host. */
  readonly before?: (world: World) => void;
  /** Called when the host is ready; afterwards faults end, and everything must come to rest. */
  readonly play: (world: World) => Promise<void>;
}
