import type { TargetCapabilities } from '@soar-feed/core';
import { anIncident } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { Shelf, ShelfTarget } from './ShelfTarget.js';

export interface ShelfBench extends TargetBench {
  readonly shelf: Shelf;
}

/** A case for a target on a shelf of its own. */
export function shelfCase(
  name: string,
  capabilities: TargetCapabilities,
  make: (shelf: Shelf, capabilities: TargetCapabilities) => ShelfTarget = (...its) => new ShelfTarget(...its),
): FeedTargetCase<ShelfBench> {
  return {
    name,
    capabilities,
    secrets: ['open sesame'],
    make: async () => {
      const shelf = new Shelf();
      return { shelf, target: make(shelf, capabilities), dispose: async () => undefined };
    },
    readBack: async ({ shelf }, { key }) => shelf.of(key),
    readContent: async ({ shelf }, { key }) => shelf.of(key)[0]?.bytes ?? new Uint8Array(),
    outage: async ({ shelf }) => {
      shelf.away = true;
      return async () => void (shelf.away = false);
    },
    silence: async ({ shelf }) => {
      let free = (): void => undefined;
      const freed = new Promise<void>((resolve) => (free = resolve));
      const reached = new Promise<void>((resolve) => (shelf.stuck = { reached: resolve, free: freed }));
      return {
        reached,
        end: async () => {
          shelf.stuck = undefined;
          free();
        },
      };
    },
    another: async ({ shelf }) => make(shelf, capabilities),
    followsSchema: true,
    refusesStale: true,
    poison: async () => anIncident({ incidentId: 2290, payload: { name: 'poison' } }),
  };
}
