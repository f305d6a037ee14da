/**
 * What every DTO has in common: the platform adds keys with each version, so all of them stay readable.
 * Handles (selects, people, parents) are numbers, labels or `{id, name}`, by the request's `handle_format`.
 */
export interface SoarObject {
  readonly [key: string]: unknown;
}

/** A reference on write: an id, a name that the server looks up, or either of them in an object. */
export type Handle = number | string | { readonly id: number } | { readonly name: string };

/** Rich text as the server takes it; a plain GET answers with the bare string. */
export type RichText = string | { readonly format: 'html' | 'text'; readonly content: string };

export interface PrincipalDto extends SoarObject {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly display_name?: string;
}
