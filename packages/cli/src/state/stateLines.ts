import type { StateInspection } from '@soar-feed/store';

/** What `state check` found out about one thing. */
export interface StateLine {
  readonly what: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

/** Room for the file once more: an upgrade, a backup beside it, and its -wal need that. */
const ROOM_FACTOR = 2;
const ROOM_AT_LEAST = 100 * 1024 * 1024;

/** The file or server itself, its version, and its room. */
export function stateLines({ name, steps, file }: StateInspection): readonly StateLine[] {
  return [
    { what: 'state', state: 'ok', detail: file === undefined ? name : `${name}, ${megabytes(file.size)}` },
    versionLine(steps),
    ...(file === undefined ? [] : [damageLine(file.damage), roomLine(file)]),
  ];
}

function versionLine({ done, known }: StateInspection['steps']): StateLine {
  const what = 'version';
  if (done === known) return { what, state: 'ok', detail: `step ${done}, the newest that this version knows` };
  return {
    what,
    state: 'warn',
    detail: `step ${done} of ${known}: the next start upgrades it, after a copy of it; counts need that start`,
  };
}

function damageLine(damage: readonly string[]): StateLine {
  const what = 'integrity';
  if (damage.length === 0) return { what, state: 'ok', detail: 'no damage' };
  return {
    what,
    state: 'fail',
    detail: `damaged: ${damage.join('; ')}. Restore it from a backup, or move it away to start over.`,
  };
}

function roomLine({ size, free }: NonNullable<StateInspection['file']>): StateLine {
  const wanted = Math.max(size * ROOM_FACTOR, ROOM_AT_LEAST);
  const detail = `${megabytes(free)} free on its disk`;
  if (free >= wanted) return { what: 'room', state: 'ok', detail };
  return { what: 'room', state: 'warn', detail: `${detail}; ${megabytes(wanted)} are wanted for growth and upgrades` };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
