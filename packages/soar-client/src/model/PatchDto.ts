import type { SoarObject } from './SoarObject.js';

/** One value of a patch, in exactly one holder. `object` takes labels: the request then goes out with names. */
export type PatchValue =
  | { readonly object: unknown }
  | { readonly text: string | null }
  | { readonly textarea: { readonly format: 'html' | 'text'; readonly content: string } | null }
  | { readonly id: number | string | null }
  | { readonly ids: readonly (number | string)[] }
  | { readonly boolean: boolean | null }
  | { readonly date: number | bigint | null }
  | { readonly number: number | bigint | null };

export interface PatchChange {
  /** Field name; whether custom fields want `properties.` in front is unconfirmed, IBM's clients send both. */
  readonly field: string | { readonly name: string };
  /** Compared only where the patch's version is older than the stored one. */
  readonly old_value: PatchValue;
  readonly new_value: PatchValue;
}

/** A patch may be answered with 200 and yet have failed: look at `success`. */
export interface PatchStatus extends SoarObject {
  readonly success: boolean;
  readonly title?: string | null;
  readonly message?: string | null;
  readonly hints?: readonly unknown[];
  readonly field_failures?: readonly FieldFailure[];
}

export interface FieldFailure extends SoarObject {
  readonly field: unknown;
  readonly your_original_value?: unknown;
  readonly actual_current_value?: unknown;
}
