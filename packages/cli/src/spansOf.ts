import type { IncidentSpan } from '@soar-feed/core/runtime';
import { UsageError } from './UsageError.js';

/** The incidents that a command line names: ids and ranges, `2100 2105-2110`. Throws `UsageError`. */
export function spansOf(texts: readonly (string | number)[]): readonly IncidentSpan[] {
  const words = texts.flatMap((text) => String(text).split(',')).filter((word) => word !== '');
  return words.map((word) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    const span = { min: Number(from), max: Number(to) };
    if (!Number.isSafeInteger(span.min) || !Number.isSafeInteger(span.max))
      throw new UsageError(`"${word}" names no incidents: expected an id such as 2100, or a range such as 2100-2110.`);
    if (span.min > span.max) throw new UsageError(`"${word}" ends before it begins: write ${span.max}-${span.min}.`);
    return span;
  });
}
