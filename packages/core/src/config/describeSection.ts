import type { z } from 'zod';
import { viewField } from './fieldFacts.js';
import type { FieldView } from './fieldFacts.js';

/** One key of a section, as the docs table and the skeleton show it. */
export interface KeyDescription {
  readonly key: string;
  readonly kind: string;
  /** What the file may say. */
  readonly accepts: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** As the file would spell it; absent when there is none. */
  readonly defaultText?: string;
  /** Unit of a bare number. */
  readonly unit?: string;
  readonly aliases: readonly string[];
  readonly doc: string;
}

/** The keys of a section in the schema's order. */
export function describeSection(schema: z.ZodObject): readonly KeyDescription[] {
  return Object.entries(schema.shape).map(([key, type]) => describeKey(key, viewField(type as z.core.$ZodType)));
}

/**
 * A section to start from: required keys to fill in, the others commented out with their defaults, each below its
 * sentence. `values` fills keys in.
 */
export function sectionSkeleton(
  name: string,
  schema: z.ZodObject,
  values: Readonly<Record<string, string>> = {},
): string {
  const keys = describeSection(schema).map((row) => {
    const value = values[row.key];
    const line = `${row.key}=${value ?? row.defaultText ?? ''}`;
    return `${comment(row)}${value === undefined && !row.required ? '#' : ''}${line}\n`;
  });
  return `[${name}]\n${keys.join('')}`;
}

function describeKey(key: string, { facts, required, defaultValue }: FieldView): KeyDescription {
  return {
    key,
    kind: facts?.kind ?? 'text',
    accepts: facts?.accepts ?? 'text',
    required,
    secret: facts?.kind === 'secret',
    aliases: facts?.aliases ?? [],
    doc: facts?.doc ?? '',
    ...(defaultValue === undefined ? {} : { defaultText: (facts?.spell ?? String)(defaultValue) }),
    ...(facts?.unit === undefined ? {} : { unit: facts.unit }),
  };
}

/** A comment needs a line of its own: after a value, it would be part of the value. */
function comment(row: KeyDescription): string {
  const sentences = [row.doc, row.accepts === 'text' ? '' : `Accepted: ${row.accepts}.`].filter((text) => text !== '');
  return sentences.length === 0 ? '' : `# ${sentences.join(' ')}\n`;
}
