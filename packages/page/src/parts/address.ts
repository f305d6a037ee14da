import { pathOf } from '../model/Frame.js';
import type { ViewName } from '../model/Frame.js';

/** The address of a view with its question; values are escaped. */
export function address(view: ViewName, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? pathOf(view) : `${pathOf(view)}?${new URLSearchParams(given).toString()}`;
}
