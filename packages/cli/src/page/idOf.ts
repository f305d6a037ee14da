import { UsageError } from '../UsageError.js';

/** The id that somebody typed; `undefined` if there is none. Throws `UsageError` for anything else. */
export function idOf(label: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id)) return id;
  throw new UsageError(`${label}: "${text.slice(0, 60)}" is not an id: expected a whole number of 0 or more.`);
}
