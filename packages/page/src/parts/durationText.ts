/** A unit is used up to twice the next one, so that `94 s` does not become `1 min`. */
const UNITS = [
  ['s', 1_000, 120_000],
  ['min', 60_000, 7_200_000],
  ['h', 3_600_000, 172_800_000],
  ['d', 86_400_000, Infinity],
] as const;

/** A duration in ms, for a glance: `240 ms`, `4.2 s`, `94 s`, `12 min`. */
export function durationText(ms: number): string {
  if (ms < 1) return '0 s';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const [unit, size] = UNITS.find(([, , below]) => ms < below) ?? UNITS[3];
  const value = ms / size;
  return `${unit === 's' && value < 10 ? value.toFixed(1) : Math.floor(value)} ${unit}`;
}

/** How long ago something was, in whole seconds or more. */
export function ageText(ms: number): string {
  return durationText(Math.max(0, Math.floor(ms / 1_000) * 1_000)).replace(/\.\d/, '');
}
