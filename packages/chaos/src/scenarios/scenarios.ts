import { acks } from './acks.js';
import { creates } from './creates.js';
import { loaded } from './loaded.js';
import { outside } from './outside.js';
import { parked } from './parked.js';
import type { Scenario } from './Scenario.js';

export const scenarios: Readonly<Record<string, Scenario>> = { ...creates, ...acks, ...parked, ...loaded, ...outside };

/** Throws `TypeError` for a name that no scenario has. */
export function scenariosNamed(names: readonly string[]): readonly (readonly [string, Scenario])[] {
  if (names.includes('all')) return Object.entries(scenarios);
  return names.map((name) => {
    const scenario = scenarios[name];
    if (scenario === undefined) throw new TypeError(`There is no scenario "${name}".`);
    return [name, scenario] as const;
  });
}
