import type { Behaviour } from '@soar-feed/soar-simulator';
import type { SitePlan } from '../plan/Plan.js';
import type { World } from '../world/World.js';

/** One dangerous moment, brought about on purpose; judged as any run. */
export interface Scenario {
  readonly behaviour?: Partial<Behaviour>;
  readonly site?: Partial<SitePlan>;
  /** Before the first start of the host. */
  readonly before?: (world: World) => void;
  /** The host runs and is ready. */
  readonly play: (world: World) => Promise<void>;
}
