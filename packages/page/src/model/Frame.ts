import type { HostHealth } from '@soar-feed/core/runtime';

/** The views of the page, in the order of its navigation. */
export const VIEWS = ['overview', 'parked', 'mapping', 'incident', 'verify'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Where everything of the page is served, without a trailing slash. */
export const ROOT = '/page';

/** The address of a view. */
export function pathOf(view: ViewName): string {
  return view === 'overview' ? ROOT : `${ROOT}/${view}`;
}

/** What somebody is told about the last thing they asked for. */
export interface Notice {
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

/** What stands around every view. */
export interface Frame {
  readonly view: ViewName;
  readonly nowMs: number;
  /** The organization that is read; absent before it is connected. */
  readonly org?: string;
  readonly health: HostHealth;
  /** Parked rows and messages that a person must look at. */
  readonly toDecide: number;
  readonly notice?: Notice;
}
