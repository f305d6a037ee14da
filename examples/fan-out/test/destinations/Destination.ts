import type { Objects, Shown } from './Shown.js';

/** Where one feed writes, and what is found there by its own means: none of the feed's code. */
export interface Destination {
  readonly feed: string;
  /** The feed's section; none: the example's app.config has it. */
  readonly section?: Readonly<Record<string, string | number>>;
  objects(shown: Shown): Promise<Objects>;
  stop?(): Promise<void>;
}
