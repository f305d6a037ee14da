import { z } from 'zod';

export type FieldKind =
  'text' | 'secret' | 'integer' | 'number' | 'flag' | 'choice' | 'list' | 'duration' | 'bytes' | 'path' | 'url';

/** What core knows of a key beside its zod type; stands in zod's metadata under `soarFeed`. */
export interface FieldFacts {
  readonly kind: FieldKind;
  /** What may stand in the file, as it ends the sentence "accepted: …". */
  readonly accepts: string;
  /** One sentence for people; shown in the docs table and the skeleton. */
  readonly doc?: string;
  /** Other spellings of the key. */
  readonly aliases: readonly string[];
  /** The key that takes this one's place where both are set. */
  readonly unusedBeside?: string;
  /** Names what a feed needs for itself: two feeds of a package may not, where these keys are equal as well. */
  readonly ownPer?: readonly string[];
  /** Of a server: why nobody checks who answers there, if so. */
  readonly unchecked?: (value: unknown) => string | undefined;
  /** Unit of a bare number in the file. */
  readonly unit?: string;
  /** Quotes and ";" mean something in its values. */
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
