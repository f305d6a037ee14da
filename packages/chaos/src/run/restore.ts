import type { World } from '../world/World.js';

/** Restores the source's last backup. The plan has made one before. */
export function restore(world: World, ids: 'given-again' | 'continued'): void {
  if (world.backup === undefined) throw new Error('The plan restores what was never backed up.');
  world.source.restore(world.backup, { ids });
  world.restored = true;
}
