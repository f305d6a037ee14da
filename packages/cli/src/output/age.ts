const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration in ms, in its largest unit: `3 h`. */
export function ageText(ms: number): string {
  const [unit, size] = UNITS.find(([, unitMs]) => ms >= unitMs) ?? ['s', 1_000];
  return `${Math.round(ms / size)} ${unit}`;
}

/** A duration in seconds, exact where it is short: `40 ms`, `1.2 s`, `3 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : ageText(seconds * 1000);
}
