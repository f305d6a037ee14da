import { brokers } from './brokers.js';
import { bundles } from './bundles.js';
import { clocks } from './clocks.js';
import { closings } from './closings.js';
import { crashes } from './crashes.js';
import { directions } from './directions.js';
import { disks } from './disks.js';
import { equals } from './equals.js';
import { families } from './families.js';
import { faults } from './faults.js';
import { filters } from './filters.js';
import { gateways } from './gateways.js';
import type { Kind } from './Kind.js';
import { limits } from './limits.js';
import { loads } from './loads.js';
import { mappings } from './mappings.js';
import { oddities } from './oddities.js';
import { openings } from './openings.js';
import { readings } from './readings.js';
import { refusals } from './refusals.js';
import { restarts } from './restarts.js';
import { restores } from './restores.js';
import { suspensions } from './suspensions.js';
import { unseen } from './unseen.js';
import { workspaces } from './workspaces.js';

/** All kinds of world. A new one is a file beside these, and a line here. */
export const kinds: Readonly<Record<string, Kind>> = {
  brokers,
  bundles,
  clocks,
  closings,
  crashes,
  directions,
  disks,
  equals,
  families,
  faults,
  filters,
  gateways,
  limits,
  loads,
  mappings,
  oddities,
  openings,
  readings,
  refusals,
  restarts,
  restores,
  suspensions,
  unseen,
  workspaces,
};
