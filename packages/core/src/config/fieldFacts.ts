import { z } from 'zod';

export type FieldKind =
  'text' | 'secret' | 'integer' | 'number' | 'flag' | 'choice' | 'list' | 'duration' | 'bytes' | 'path' | 'url';

/** What core knows about a key beyond its zod type; stored in zod's metadata under `soarFeed`. */
export interface FieldFacts {
  readonly kind: FieldKind;
  /** What the file may say, worded to end the sentence "accepted: …". */
  readonly accepts: string;
  /** One sentence for people; shown in the docs table and the skeleton. */
  readonly doc?: string;
  /** Other spellings of the key. */
  readonly aliases: readonly string[];
  /** The key that takes this one's place if both are set. */
  readonly unusedBeside?: string;
  /**
   * The key names what a feed needs for itself: two feeds of a package must not name the same if these keys are equal,
   * too.
   */
  readonly ownPer?: readonly string[];
  /** For a server: why nobody checks who answers there; `undefined` if it is checked. */
  readonly unchecked?: (value: unknown) => string | undefined;
  /** Unit of a bare number in the file. */
  readonly unit?: string;
  /** Quotes and ";" have a meaning in its values. */
  readonly grammar: boolean;
  /** An empty value is a value of its own, not "unset". */
  readonly emptyIsValue: boolean;
  /** A value as the file would spell it. */
  readonly spell: (value: unknown) => string;
}

/** A key of a schema, seen through `.optional()` and `.default()`. */
export interface FieldView {
  readonly facts: FieldFacts | undefined;
  readonly required: boolean;
  readonly defaultValue?: unknown;
}

/** The facts of a `field` type, and whether the section must have it. A plain zod type has no facts. */
export function viewField(type: z.core.$ZodType): FieldView {
  let inner = type;
  let required = true;
  let defaultValue: unknown;
  for (;;) {
    const facts = z.globalRegistry.get(inner)?.['soarFeed'] as FieldFacts | undefined;
    if (facts !== undefined) return view(facts, required, defaultValue);
    if (inner instanceof z.core.$ZodDefault || inner instanceof z.core.$ZodPrefault) {
      required = false;
      defaultValue ??= inner._zod.def.defaultValue;
      inner = inner._zod.def.innerType;
    } else if (inner instanceof z.core.$ZodOptional || inner instanceof z.core.$ZodNullable) {
      required = false;
      inner = inner._zod.def.innerType;
    } else if (inner instanceof z.core.$ZodPipe) {
      inner = inner._zod.def.in;
    } else {
      return view(undefined, required, defaultValue);
    }
  }
}

function view(facts: FieldFacts | undefined, required: boolean, defaultValue: unknown): FieldView {
  return { facts, required, ...(defaultValue === undefined ? {} : { defaultValue }) };
}
