import type { Redactor } from './redact.js';

/** Deeper than this a value is cut off: log fields are facts, not documents. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

/**
 * A field's value as the log may show it: without secrets; errors as name, message, code and (for a person who debugs)
 * stack; cycles and depth cut.
 */
export function logValue(value: unknown, redactor: Redactor, withStack: boolean, depth = 0): unknown {
  if (typeof value === 'string') return redactor.redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (depth >= MAX_DEPTH) return '[…]';
  const next = (inner: unknown) => logValue(inner, redactor, withStack, depth + 1);
  if (value instanceof Error) return errorFacts(value, next, withStack);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(next);
  const entries =
    value instanceof Map ? [...value] : value instanceof Set ? [...value].entries() : Object.entries(value);
  return Object.fromEntries(
    [...entries].slice(0, MAX_ITEMS).map(([key, inner]) => [redactor.redact(String(key)), next(inner)]),
  );
}

/** The facts of an error, and of its causes: never its other properties, which may hold a whole request. */
function errorFacts(error: Error, next: (inner: unknown) => unknown, withStack: boolean): Record<string, unknown> {
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    name: error.name,
    message: next(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: next(code) } : {}),
    ...(details === undefined ? {} : { details: next(details) }),
    ...(error.cause === undefined ? {} : { cause: next(error.cause) }),
    ...(withStack && error.stack !== undefined ? { stack: next(error.stack) } : {}),
  };
}
