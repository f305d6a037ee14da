import type { Behaviour, OrgOptions } from '@soar-feed/soar-simulator';
import type { Side, SitePlan } from '../plan/Plan.js';
import type { World } from '../world/World.js';

/** One dangerous moment, brought about on purpose; judged as any run. */
export interface Scenario {
  readonly behaviour?: Partial<Behaviour>;
  readonly site?: Partial<SitePlan>;
  /** What each server's clock is ahead of ours, ms. */
  readonly clocks?: Readonly<Record<Side, number>>;
  /** What the target organization is besides what it always is. */
  readonly target?: Partial<OrgOptions>;
  /** Before the first start of the host. */
  readonly before?: (world: World) => void;
  /** The host runs and is ready; afterwards faults end and all must come to rest. */
  readonly play: (world: World) => Promise<void>;
}
