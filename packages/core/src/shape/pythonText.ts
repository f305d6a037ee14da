import { writeJson } from '@soar-feed/soar-client';
/**
 * A value as Python's `json.dumps` writes it, since IBM's feeds do: ASCII only, `", "` and `": "` between things on one
 * line, or one thing a line with `indent`.
 */
export function pythonJson(value: unknown, indent?: number): string {
  const text = indent === undefined ? spaced(value) : writeJson(value, indent);
  // writeJson escapes lone surrogates itself; Python escapes DEL as well.
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`).join(', ')}}`;
  }
  return value === undefined ? 'null' : writeJson(value);
}

const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000_MS = Date.parse('+010000-01-01T00:00:00Z');

/**
 * ms since the epoch as Python's `datetime.isoformat` prints it in UTC, without a zone: `2019-02-13T15:55:47`, with
 * microseconds only when there are any. `undefined` outside the years 1 to 9999, which Python cannot print.
 */
export function pythonIsoUtc(ms: number): string | undefined {
  if (!(ms >= YEAR_1_MS && ms < YEAR_10000_MS)) return undefined;
  const iso = new Date(ms).toISOString();
  const seconds = iso.slice(0, 19);
  const millis = iso.slice(20, 23);
  return millis === '000' ? seconds : `${seconds}.${millis}000`;
}
