import { NOT_ACCEPTED } from './field.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOURS = /^(?:([a-z]{3})(?:-([a-z]{3}))? +)?(\d\d):(\d\d)-(\d\d):(\d\d)(?: +(\S+))?$/i;
const DAY_MINUTES = 24 * 60;

/** `mon-fri 08:00-18:00 Europe/Berlin` → whether a moment (ms since the epoch) is within. The end does not belong to it. */
export function readQuietHours(text: string): (nowMs: number) => boolean {
  const [, first, last = first, ...rest] = HOURS.exec(text.trim()) ?? [];
  const days = first === undefined ? DAYS : daysOf(first, last as string);
  const [from, until] = [minutesOf(rest[0], rest[1]), minutesOf(rest[2], rest[3])];
  if (from === until) throw new Error(NOT_ACCEPTED);
  const clock = clockOf(rest[4]);
  return (nowMs) => {
    const { day, minutes } = clock(nowMs);
    const isDay = (name: string): boolean => days.includes(name);
    if (from < until) return isDay(day) && from <= minutes && minutes < until;
    // Over midnight: the day is the one on which the hours begin.
    const before = DAYS[(DAYS.indexOf(day) + 6) % 7] as string;
    return (isDay(day) && from <= minutes) || (isDay(before) && minutes < until);
  };
}

/** `fri-mon` is Friday to Monday. */
function daysOf(first: string, last: string): readonly string[] {
  const [from, until] = [DAYS.indexOf(first.toLowerCase()), DAYS.indexOf(last.toLowerCase())];
  if (from < 0 || until < 0) throw new Error(NOT_ACCEPTED);
  const count = ((until - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, at) => DAYS[(from + at) % 7] as string);
}

function minutesOf(hours = '', minutes = ''): number {
  const all = Number(hours) * 60 + Number(minutes);
  if (hours === '' || Number(minutes) > 59 || all > DAY_MINUTES) throw new Error(NOT_ACCEPTED);
  return all;
}

/** The day and the time on the clocks of a zone; the zone by its IANA name, or the host's own. */
function clockOf(timeZone: string | undefined): (nowMs: number) => { readonly day: string; readonly minutes: number } {
  let format: Intl.DateTimeFormat;
  try {
    const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-GB', { ...parts, ...(timeZone === undefined ? {} : { timeZone }) });
  } catch {
    throw new Error(
      `the time zone ${String(timeZone)} is not known; write one such as Europe/Berlin, or none for that of the host`,
    );
  }
  return (nowMs) => {
    const part = (type: string): string => format.formatToParts(nowMs).find((one) => one.type === type)?.value ?? '';
    return { day: part('weekday').toLowerCase(), minutes: Number(part('hour')) * 60 + Number(part('minute')) };
  };
}
