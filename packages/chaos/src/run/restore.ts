import type { World } from '../world/World.js';

/** Puts the source's last backup back. The plan has taken one before. */
export function restore(world: World, ids: 'given-again' | 'continued'): void {
  if (world.backup === undefined) throw new Error('The plan restores what was never backed up.');
  world.source.restore(world.backup, { ids });
  world.restored = true;
}
