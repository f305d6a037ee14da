import { z } from 'zod';
import type { FieldFacts, FieldKind } from './fieldFacts.js';
import { parseBytes, parseDuration, spellBytes, spellDuration } from './quantities.js';

/** A zod type that reads one value of an INI file. Required unless `.optional()` or `.default(…)` follows. */
export type FieldType<T> = z.ZodType<T, string>;

export interface FieldOptions {
  /** One sentence: what the key does. */
  readonly doc?: string;
  /** Other spellings of the key, as old files have them. */
  readonly alias?: string | readonly string[];
  /** The key that takes this one's place: if it is set, a missing secret of this one is not a fault. */
  readonly unusedBeside?: string;
  /**
   * The key names what a feed needs for itself: two feeds of a package must not name the same if these keys are equal,
   * too.
   */
  readonly ownPer?: readonly string[];
  /** For a server: why nobody checks who answers there, reported as a warning; `undefined` if it is checked. */
  readonly unchecked?: (value: unknown) => string | undefined;
}

export interface RangeOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
  /** For people: `incidents`, `attempts`. */
  readonly unit?: string;
}

export interface TextOptions extends FieldOptions {
  readonly pattern?: RegExp;
  /** What the pattern means, to end the sentence "accepted: …". */
  readonly accepts?: string;
  /** `key=` means the empty text, not "unset". */
  readonly emptyIsValue?: boolean;
}

/**
 * Zod types for a section's keys. Each carries its facts (unit, aliases, secret, what is accepted) as zod metadata, from
 * which `validateSection` makes its messages and `describeSection` the docs.
 */
export const field = {
  text,
  secret,
  integer,
  number,
  flag,
  choice,
  list,
  duration,
  bytes,
  path,
  pathOrFalse,
  pathOrUrl,
  url,
  parsed,
};

function text(options: TextOptions = {}): FieldType<string> {
  const { pattern } = options;
  return make('text', options.accepts ?? 'text', options, (value) =>
    pattern === undefined || pattern.test(value) ? value : undefined,
  );
}

/** Text that is never shown and is removed from every log line. */
function secret(options: FieldOptions = {}): FieldType<string> {
  return make('secret', 'text, best as $NAME of an environment variable', options, (value) => value);
}

function integer(options: RangeOptions = {}): FieldType<number> {
  return make('integer', `a whole number${range(options)}`, options, (value) =>
    within(options, /^[+-]?\d+$/.test(value) ? Number(value) : undefined, Number.isSafeInteger),
  );
}

function number(options: RangeOptions = {}): FieldType<number> {
  return make('number', `a number${range(options)}`, options, (value) =>
    within(options, /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : undefined),
  );
}

const TRUE_WORDS = ['true', 'yes', '1', 'y', 'on', 't', 'confirm', 'agree'];
const FALSE_WORDS = ['false', 'no', '0', 'n', 'off', 'f'];

/**
 * IBM's words for true (`str_to_bool`), any case. IBM takes every other word for false; here a word that is neither is
 * an issue, so that `reload=ture` does not pass for "no".
 */
function flag(options: FieldOptions = {}): FieldType<boolean> {
  return make('flag', 'true or false (also yes/no, on/off, 1/0)', options, (value) => {
    const word = value.toLowerCase();
    if (TRUE_WORDS.includes(word)) return true;
    return FALSE_WORDS.includes(word) ? false : undefined;
  });
}

/** One word of a list, any case; gives the word as the list spells it. */
function choice<const Word extends string>(words: readonly Word[], options: FieldOptions = {}): FieldType<Word> {
  return make('choice', words.join(', ').replace(/, ([^,]*)$/, ' or $1'), options, (value) =>
    words.find((word) => word.toLowerCase() === value.toLowerCase()),
  );
}

/** Names separated by commas (or by another separator); empty ones are left out. */
function list(options: FieldOptions & { readonly separator?: string } = {}): FieldType<readonly string[]> {
  const separator = options.separator ?? ',';
  const accepts = `names separated by "${separator}"`;
  return make(
    'list',
    accepts,
    options,
    (value) => split(value, separator),
    (value) => (value as string[]).join(separator),
  );
}

/** `30` (seconds, or ms where `bareUnit` says so), `500ms`, `30s`, `5m`, `2h`, `1d` → ms. `min` and `max` in ms. */
function duration(
  options: FieldOptions & { readonly min?: number; readonly max?: number; readonly bareUnit?: 'ms' | 's' } = {},
): FieldType<number> {
  const bareUnit = options.bareUnit ?? 's';
  const unit = bareUnit === 's' ? 'seconds' : 'ms';
  const accepts = `a duration such as 30 (${unit}), 500ms, 30s, 5m or 2h${range(options, spellDuration)}`;
  const read = (value: string) => within(options, parseDuration(value, bareUnit));
  return make('duration', accepts, { ...options, unit }, read, (value) => spellDuration(value as number));
}

/** `1048576`, `500KB`, `25MB` → bytes (a KB is 1,024 of them). `min` and `max` in bytes. */
function bytes(options: FieldOptions & { readonly min?: number; readonly max?: number } = {}): FieldType<number> {
  const accepts = `a size such as 1048576, 500KB or 25MB${range(options, spellBytes)}`;
  const read = (value: string) => within(options, parseBytes(value));
  return make('bytes', accepts, { ...options, unit: 'bytes' }, read, (value) => spellBytes(value as number));
}

/** A file or folder. `validateSection` makes it absolute: `~` is the home folder, else relative to the config file. */
function path(options: FieldOptions = {}): FieldType<string> {
  return make('path', 'a path, absolute or relative to the configuration file', options, (value) => value);
}

/** A path, or the word `false`: IBM's `cafile`. */
function pathOrFalse(options: FieldOptions = {}): FieldType<string | false> {
  return make('path', 'a path, or false', options, (value) => (isFalse(value) ? false : value));
}

/** A path, or a URL of one of the protocols. */
function pathOrUrl(options: FieldOptions & { readonly protocols: readonly string[] }): FieldType<string> {
  const starts = options.protocols.map((name) => `${name}://`).join(' or ');
  return make(
    'path',
    `a path, absolute or relative to the configuration file, or a URL starting ${starts}`,
    options,
    (value) => {
      if (!isUrl(value)) return value;
      return URL.canParse(value) && options.protocols.includes(new URL(value).protocol.slice(0, -1))
        ? value
        : undefined;
    },
  );
}

/** Whether a path's text is a URL: such a text is not made absolute. */
export function isUrl(value: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(value);
}

/** Whether a path's text is the word that stands for none: such a text is not made absolute. */
export function isFalse(value: string): boolean {
  return value.toLowerCase() === 'false';
}

function url(options: FieldOptions & { readonly protocols?: readonly string[] } = {}): FieldType<string> {
  const protocols = options.protocols ?? ['http', 'https'];
  return make('url', `a URL starting ${protocols.map((name) => `${name}://`).join(' or ')}`, options, (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)) ? value : undefined,
  );
}

/**
 * A value with a grammar of its own. `parse` throws an `Error` whose message says what is wrong and what is accepted;
 * it must not quote a secret.
 */
function parsed<T>(
  parse: (text: string) => T,
  options: FieldOptions & { readonly accepts: string; readonly spell?: (value: unknown) => string },
): FieldType<T> {
  const type = z.string().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      context.issues.push({ code: 'custom', input: value, message: (error as Error).message });
      return z.NEVER;
    }
  });
  return withFacts(type, 'text', options.accepts, { ...options, grammar: true }, options.spell);
}

/** `read` gives `undefined` for what is not accepted; `validateSection` says what was found and what is accepted. */
function make<T>(
  kind: FieldKind,
  accepts: string,
  options: FieldOptions & { readonly unit?: string; readonly emptyIsValue?: boolean },
  read: (value: string) => T | undefined,
  spell?: (value: unknown) => string,
): FieldType<T> {
  const type = z.string().transform((value, context) => {
    const result = read(value);
    if (result !== undefined) return result;
    context.issues.push({ code: 'custom', input: value, message: NOT_ACCEPTED });
    return z.NEVER;
  });
  return withFacts(type, kind, accepts, options, spell);
}

/** The message of a `field` type that has nothing to say beyond its facts. */
export const NOT_ACCEPTED = 'not accepted';

function withFacts<T>(
  type: FieldType<T>,
  kind: FieldKind,
  accepts: string,
  options: FieldOptions & { readonly unit?: string; readonly emptyIsValue?: boolean; readonly grammar?: boolean },
  spell: (value: unknown) => string = String,
): FieldType<T> {
  const facts: FieldFacts = {
    kind,
    accepts,
    aliases: options.alias === undefined ? [] : [options.alias].flat(),
    emptyIsValue: options.emptyIsValue === true,
    grammar: options.grammar === true,
    spell,
    ...(options.doc === undefined ? {} : { doc: options.doc }),
    ...(options.unusedBeside === undefined ? {} : { unusedBeside: options.unusedBeside }),
    ...(options.ownPer === undefined ? {} : { ownPer: options.ownPer }),
    ...(options.unchecked === undefined ? {} : { unchecked: options.unchecked }),
    ...(options.unit === undefined ? {} : { unit: options.unit }),
  };
  return type.meta({ soarFeed: facts });
}

function split(value: string, separator: string): readonly string[] {
  return value
    .split(separator)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function within(
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number },
  value: number | undefined,
  also: (value: number) => boolean = Number.isFinite,
): number | undefined {
  return value !== undefined && also(value) && value >= min && value <= max ? value : undefined;
}

function range(
  { min, max }: { readonly min?: number; readonly max?: number },
  spell: (value: number) => string = String,
): string {
  if (min !== undefined && max !== undefined) return ` from ${spell(min)} to ${spell(max)}`;
  if (min !== undefined) return `, at least ${spell(min)}`;
  return max === undefined ? '' : `, at most ${spell(max)}`;
}
