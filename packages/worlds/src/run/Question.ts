import type { Finding } from '../oracles/Finding.js';
import type { Story } from '../plan/Story.js';
import type { WorldResult } from './runWorld.js';

/** What a worker is asked. */
export type Question =
  | { readonly story: Story }
  /** The smallest story that still breaks this promise. */
  | { readonly shrink: Story; readonly check: Finding['check'] };

export type Answer =
  | { readonly ready: true }
  | { readonly result: WorldResult }
  | { readonly shrunk: WorldResult }
  | { readonly broken: string };
