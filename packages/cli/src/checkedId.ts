import { UsageError } from './UsageError.js';

/** Throws `UsageError` if an option that names an object holds no id. */
export function checkedId(option: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw new UsageError(`--${option} is not an id: expected a whole number of 0 or more.`);
}
