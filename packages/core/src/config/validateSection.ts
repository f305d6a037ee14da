import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { ConfigIssue } from '../contract/errors.js';
import { sharedRedactor } from '../telemetry/redact.js';
import type { Redactor } from '../telemetry/redact.js';
import { didYouMean } from './didYouMean.js';
import { isFalse, isUrl, NOT_ACCEPTED } from './field.js';
import { viewField } from './fieldFacts.js';
import type { FieldView } from './fieldFacts.js';
import type { RawValue, RawValues } from './RawValues.js';
import type { Continuation } from './readAppConfig.js';
import { slipIn } from './slipIn.js';

export interface ValidateOptions {
  /** Keys that belong to something else: neither parsed nor reported as unknown. */
  readonly reserved?: Iterable<string>;
  /** Keys that other programs know and that do nothing here, with what a person should know about them. */
  readonly ignored?: ReadonlyMap<string, string>;
  /** Indented lines that look like keys. */
  readonly continuations?: readonly Continuation[];
  /** What relative paths are relative to: the config file's folder. Default: the working folder. */
  readonly folder?: string;
  /** Learns every secret of the section. Default: the process's own. */
  readonly redactor?: Redactor;
}

/** `issues` stop the start, `warnings` are logged. */
export type SectionResult<T> =
  | { readonly ok: true; readonly value: T; readonly issues: readonly []; readonly warnings: readonly ConfigIssue[] }
  | {
      readonly ok: false;
      readonly value?: undefined;
      readonly issues: readonly ConfigIssue[];
      readonly warnings: readonly ConfigIssue[];
    };

/**
 * Turns a section's text into the schema's value, or into issues that say what was found (never a secret) and what is
 * accepted. `key=` counts as unset. Unknown keys are warnings, because files made for IBM's feeds hold many. A schema
 * with a catch-all (`z.looseObject`) gets them too.
 */
export function validateSection<Schema extends z.ZodObject>(
  section: string,
  raw: RawValues,
  schema: Schema,
  options: ValidateOptions = {},
): SectionResult<z.output<Schema>> {
  const redactor = options.redactor ?? sharedRedactor;
  const views = new Map(Object.entries(schema.shape).map(([key, type]) => [key, viewField(type as z.core.$ZodType)]));
  const given = new Map<string, RawValue>();
  const issues: ConfigIssue[] = [];
  for (const [key, view] of views) {
    if (raw.get(key)?.unresolved !== undefined && isUnused(view, raw, views)) continue;
    const value = pick(section, key, view, raw, issues);
    if (value === undefined) continue;
    given.set(key, value);
    for (const secret of secretsOf(value, view)) redactor.remember(secret);
  }
  const { warnings, unknown, rest } = unknownKeys(section, raw, schema, views, options);
  for (const [key, value] of rest) {
    // No schema says which of them are secrets.
    for (const secret of value.secrets ?? []) redactor.remember(secret);
    if (value.unresolved !== undefined) issues.push({ section, key, problem: value.unresolved + lineOf(value) });
  }

  const texts = rest.map(([key, { text }]): [string, string] => [key, text]);
  const input = Object.fromEntries([...texts, ...inputTexts(given, views, options.folder ?? process.cwd())]);
  const parsed = schema.safeParse(input);
  const unresolved = new Set(issues.map((issue) => issue.key));
  const context = { given, views, raw, unknown, continuations: options.continuations ?? [] };
  const faulty = new Set<string | undefined>();
  for (const problem of parsed.error?.issues ?? []) {
    const issue = toIssue(section, problem, context);
    faulty.add(issue.key);
    // A key whose secret is missing has been reported; what zod says about its text is noise.
    if (!unresolved.has(issue.key)) issues.push({ ...issue, problem: redactor.redact(issue.problem) });
  }
  for (const [key, value] of given) {
    const slip = faulty.has(key) || value.secrets !== undefined ? undefined : slipIn(value.text, viewOf(views, key));
    if (slip !== undefined) warnings.push({ section, key, problem: slip + lineOf(value) });
  }
  if (parsed.success && issues.length === 0) return { ok: true, value: parsed.data, issues: [], warnings };
  return { ok: false, issues, warnings };
}

function viewOf(views: ReadonlyMap<string, FieldView>, key: string): FieldView {
  return views.get(key) ?? { facts: undefined, required: false };
}

/** The text of a secret key; for a URL, what was resolved in it, which may be its password. */
function secretsOf(value: RawValue, { facts }: FieldView): readonly string[] {
  if (facts?.kind === 'secret') return value.unresolved === undefined ? [value.text] : [];
  return isUrl(value.text) ? (value.secrets ?? []) : [];
}

/** The value of a key under its name or an alias; `undefined` when unset, empty or reported. */
function pick(
  section: string,
  key: string,
  view: FieldView,
  raw: RawValues,
  issues: ConfigIssue[],
): RawValue | undefined {
  const names = [key, ...(view.facts?.aliases ?? [])].filter((name) => isSet(raw.get(name), view));
  const [name, other] = names;
  if (name === undefined) return undefined;
  const value = raw.get(name);
  if (other !== undefined && raw.get(other)?.text !== value?.text) {
    issues.push({ section, key, problem: `is also given as ${other}, with another value; keep one of the two` });
  }
  if (value?.unresolved !== undefined) {
    issues.push({ section, key: name, problem: value.unresolved + lineOf(value) });
  }
  return value;
}

/** IBM's files often keep an old password beside the API key, as a reference that nobody sets any more. */
function isUnused({ facts }: FieldView, raw: RawValues, views: ReadonlyMap<string, FieldView>): boolean {
  const instead = facts?.unusedBeside;
  const view = instead === undefined ? undefined : views.get(instead);
  return instead !== undefined && view !== undefined && isSet(raw.get(instead), view);
}

function isSet(value: RawValue | undefined, view: FieldView): boolean {
  return value !== undefined && (value.text !== '' || view.facts?.emptyIsValue === true);
}

function unknownKeys(
  section: string,
  raw: RawValues,
  schema: z.ZodObject,
  views: ReadonlyMap<string, FieldView>,
  { reserved = [], ignored = new Map(), continuations = [] }: ValidateOptions,
): { warnings: ConfigIssue[]; unknown: readonly string[]; rest: [string, RawValue][] } {
  const own = new Set([...views.keys(), ...[...views.values()].flatMap((view) => view.facts?.aliases ?? [])]);
  const known = new Set([...own, ...reserved, ...ignored.keys()]);
  const warnings: ConfigIssue[] = continuations
    .filter(({ key, of }) => own.has(key) && key !== of)
    .map(({ key, of, line }) => {
      const problem = `line ${line} is indented, hence part of the value of ${of}, as in IBM's parser; if it is meant as a key, let it start at the beginning of the line`;
      return { section, key, problem };
    });
  for (const why of new Set(ignored.values())) {
    const found = [...raw].filter(([key, value]) => ignored.get(key) === why && value.inherited !== true);
    const key = found.map(([name]) => name).join(', ');
    if (found.length > 0) warnings.push({ section, key, problem: why + lineOf(found[0]?.[1]) });
  }
  const unknown = [...raw].filter(([key]) => !known.has(key));
  const catchall = schema._zod.def.catchall;
  if (catchall !== undefined && catchall._zod.def.type !== 'never') return { warnings, unknown: [], rest: unknown };
  for (const [key, value] of unknown) {
    if (value.inherited === true) continue;
    const hint = didYouMean(key, known);
    const question = hint === undefined ? '' : `; did you mean ${hint}?`;
    warnings.push({ section, key, problem: `is not known and has no effect${question}${lineOf(value)}` });
  }
  return { warnings, unknown: unknown.map(([key]) => key), rest: [] };
}

/**
 * The texts that zod reads, paths made absolute. Defaults of paths are included, because zod takes a default as it is.
 */
function inputTexts(
  given: ReadonlyMap<string, RawValue>,
  views: ReadonlyMap<string, FieldView>,
  folder: string,
): [string, string][] {
  const texts: [string, string][] = [];
  for (const [key, view] of views) {
    const isPath = view.facts?.kind === 'path';
    const byDefault = isPath && typeof view.defaultValue === 'string' ? view.defaultValue : undefined;
    const text = given.get(key)?.text ?? byDefault;
    const isPlace = isPath && text !== undefined && !isFalse(text) && !isUrl(text);
    if (text !== undefined) texts.push([key, isPlace ? absolute(text, folder) : text]);
  }
  return texts;
}

function absolute(text: string, folder: string): string {
  return /^~($|[/\\])/.test(text) ? join(homedir(), text.slice(1)) : resolve(folder, text);
}

interface Section {
  readonly given: ReadonlyMap<string, RawValue>;
  readonly views: ReadonlyMap<string, FieldView>;
  readonly raw: RawValues;
  readonly unknown: readonly string[];
  readonly continuations: readonly Continuation[];
}

function toIssue(section: string, problem: z.core.$ZodIssue, context: Section): ConfigIssue {
  const { given, views, raw, unknown, continuations } = context;
  const key = problem.path[0] === undefined ? undefined : String(problem.path[0]);
  if (key === undefined) return { section, problem: problem.message };
  const facts = views.get(key)?.facts;
  const value = given.get(key) ?? raw.get(key);
  const accepted = facts === undefined ? '' : `; accepted: ${facts.accepts}`;
  if (!given.has(key) && problem.code === 'invalid_type') {
    const slip = didYouMean(key, unknown);
    const indented = continuations.find((line) => line.key === key);
    const hint =
      indented !== undefined
        ? ` (line ${indented.line} is indented, hence part of the value of ${indented.of})`
        : slip === undefined
          ? ''
          : ` (is ${slip} meant to be it?)`;
    const state = raw.has(key) ? `is empty${lineOf(value)}` : `is missing${hint}`;
    return { section, key, problem: `${state}${accepted || `; ${problem.message}`}` };
  }
  if (problem.message === NOT_ACCEPTED) {
    const slip = value === undefined ? undefined : slipIn(value.text, viewOf(views, key));
    const hint = slip === undefined ? '' : `; ${slip}`;
    return {
      section,
      key,
      problem: `found ${shown(value, facts?.kind === 'secret')}${accepted}${hint}${lineOf(value)}`,
    };
  }
  return { section, key, problem: problem.message + lineOf(value) };
}

const SHOWN_LENGTH = 80;

function shown(value: RawValue | undefined, isSecret: boolean): string {
  if (value === undefined) return 'nothing';
  if (isSecret || value.secrets !== undefined) return 'a secret value (not shown)';
  const text = value.text.replace(/\/\/[^/@\s]*@/g, '//…@');
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}

function lineOf(value: RawValue | undefined): string {
  return value?.line === undefined ? '' : ` (line ${value.line})`;
}
