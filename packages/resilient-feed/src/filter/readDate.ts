/** The time that a literal covers: ms since the epoch, both ends included. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?:(:\d{2})(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads ms since the epoch, or an ISO date with or without time (UTC unless it names a zone). A date covers its whole
 * day, a time without seconds its whole minute. `undefined`: it is not a date.
 */
export function readDate(text: string): TimeSpan | undefined {
  if (/^-?\d+$/.test(text)) return span(Number(text), 1);
  const [, day, minute, second, fraction, zone] = ISO.exec(text) ?? [];
  if (day === undefined) return undefined;
  if (minute === undefined) return span(Date.parse(`${day}T00:00:00Z`), 86_400_000);
  const offset = zone === undefined ? 'Z' : zone.toUpperCase().replace(/^(.\d{2})(\d{2})$/, '$1:$2');
  const start = Date.parse(`${day}T${minute}${second ?? ':00'}${fraction ?? ''}${offset}`);
  return span(start, fraction !== undefined ? 1 : second !== undefined ? 1000 : 60_000);
}

function span(fromMs: number, lengthMs: number): TimeSpan | undefined {
  return Number.isFinite(fromMs) ? { fromMs, toMs: fromMs + lengthMs - 1 } : undefined;
}
