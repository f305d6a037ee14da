/** Text of the file ↔ ms and bytes. */

const UNIT_MS: ReadonlyMap<string, number> = new Map(
  Object.entries({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }),
);
const UNIT_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({ '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }),
);

/** `30` (in `bareUnit`), `500ms`, `30s`, `5m`, `2h`, `1d`, decimals allowed → ms; `undefined` for anything else. */
export function parseDuration(text: string, bareUnit: 'ms' | 's'): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const factor = UNIT_MS.get(match?.[2]?.toLowerCase() || bareUnit);
  return match?.[1] === undefined || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** ms → the shortest exact spelling. */
export function spellDuration(ms: number): string {
  const unit = ['d', 'h', 'm', 's'].find((name) => ms !== 0 && ms % (UNIT_MS.get(name) ?? 1) === 0) ?? 'ms';
  return `${ms / (UNIT_MS.get(unit) ?? 1)}${unit}`;
}

/** `1048576`, `25MB`, `1.5 GB`; a KB is 1,024 bytes → bytes; `undefined` for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const factor = UNIT_BYTES.get(match?.[2]?.toUpperCase() ?? '?');
  return match?.[1] === undefined || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** Bytes → the shortest exact spelling. */
export function spellBytes(bytes: number): string {
  const unit = ['GB', 'MB', 'KB'].find((name) => bytes !== 0 && bytes % (UNIT_BYTES.get(name) ?? 1) === 0) ?? '';
  return `${bytes / (UNIT_BYTES.get(unit) ?? 1)}${unit}`;
}
