import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../contract/errors.js';
import type { ConfigIssue } from '../contract/errors.js';
import { sharedRedactor } from '../telemetry/redact.js';
import type { Redactor } from '../telemetry/redact.js';
import type { Workspaces } from './parseWorkspaces.js';
import { decodeConfigText } from './decodeConfigText.js';
import { didYouMean } from './didYouMean.js';
import { feedEngineFields, toFeedEngineSettings } from './feedEngineFields.js';
import type { FeedEngineSettings } from './feedEngineFields.js';
import { field } from './field.js';
import { feedsSection, IGNORED_FEEDS_KEYS, toFeedsSettings } from './feedsSection.js';
import type { FeedsSettings } from './feedsSection.js';
import type { RawValue, RawValues } from './RawValues.js';
import { readAppConfig } from './readAppConfig.js';
import type { AppConfig, Continuation } from './readAppConfig.js';
import {
  IGNORED_RESILIENT_KEYS,
  POINTLESS_RESILIENT_KEYS,
  RESILIENT_ENVIRONMENT,
  resilientSection,
  toResilientSettings,
} from './resilientSection.js';
import type { ResilientSettings } from './resilientSection.js';
import { resolveSecrets } from './resolveSecrets.js';
import type { SecretSources } from './resolveSecrets.js';
import { sharedShownFields } from './shownFeeds.js';
import { secretSourcesOf } from './secretSourcesOf.js';
import { passwordOf } from './stateDatabase.js';
import { validateSection } from './validateSection.js';
import type { SectionResult, ValidateOptions } from './validateSection.js';

/** Everything core reads from the file; the targets' own keys stay raw until their package is loaded. */
export interface HostConfig {
  /** Absolute. */
  readonly file: string;
  /** The file's folder: what relative paths are relative to. */
  readonly folder: string;
  readonly resilient: ResilientSettings;
  readonly feeds: FeedsSettings;
  /** By feed name, in the order of `feed_names`. */
  readonly sections: ReadonlyMap<string, FeedSection>;
  /** To be logged once a logger is there. */
  readonly warnings: readonly ConfigIssue[];
  readonly redactor: Redactor;
}

export interface FeedSection extends FeedValues {
  readonly engine: FeedEngineSettings;
}

/** A feed's section as written, without the engine's keys; `validateFeedSection` applies the target's schema to it. */
export interface FeedValues {
  readonly name: string;
  readonly raw: RawValues;
  readonly continuations: readonly Continuation[];
}

/** A feed as far as it can be understood. */
export interface SurveyedFeed extends FeedValues {
  /** As written in `class=`. */
  readonly className: string;
}

/** What can be said about the file, even a faulty one, so that one report holds everything that is wrong. */
export interface ConfigSurvey extends Pick<HostConfig, 'file' | 'folder' | 'redactor' | 'warnings'> {
  readonly issues: readonly ConfigIssue[];
  /** Absent where there are issues. */
  readonly host?: HostConfig;
  /** The feeds that name their class. */
  readonly feeds: readonly SurveyedFeed[];
  readonly targetPackages: readonly string[];
}

export interface LoadOptions {
  readonly redactor?: Redactor;
  /** See `resolveSecrets`. */
  readonly secretsFolder?: string;
}

/** Sections that can never be a feed. */
const NOT_A_FEED = ['resilient', 'feeds', 'integrations'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the file. Throws one `ConfigError` with every problem that can be seen without the targets. */
export function loadHostConfig(file: string, env: Environment, options: LoadOptions = {}): HostConfig {
  const survey = surveyHostConfig(file, env, options);
  if (survey.host === undefined) throw new ConfigError(survey.issues, survey.file, survey.warnings);
  return survey.host;
}

/** Reads and checks the file, and goes on after a fault. Throws `ConfigError` only if there is nothing to read. */
export function surveyHostConfig(file: string, env: Environment, options: LoadOptions = {}): ConfigSurvey {
  const absolute = resolve(file);
  return new Loader(readAppConfig(readText(absolute), absolute), env, options).survey();
}

/** What commands need that look after the state and connect to nothing. */
export type StateConfig = Pick<HostConfig, 'file' | 'feeds' | 'redactor'>;

/**
 * Reads `[feeds]` alone, so that a command can look after the state even if the secrets of the other sections are not
 * available. Throws `ConfigError`.
 */
export function loadStateConfig(file: string, env: Environment, options: LoadOptions = {}): StateConfig {
  const absolute = resolve(file);
  return new Loader(readAppConfig(readText(absolute), absolute), env, options).state();
}

/** Applies a target's schema to its feed's section. */
export function validateFeedSection<Schema extends z.ZodObject>(
  host: Pick<HostConfig, 'folder' | 'redactor'>,
  section: FeedValues,
  schema: Schema,
): SectionResult<z.output<Schema>> {
  return validateSection(section.name, section.raw, schema, {
    folder: host.folder,
    redactor: host.redactor,
    reserved: Object.keys(feedEngineFields.shape),
    continuations: section.continuations,
  });
}

function readText(file: string): string {
  const decoded = decodeConfigText(readBytes(file));
  if ('text' in decoded) return decoded.text;
  throw new ConfigError([{ section: basename(file), problem: decoded.problem }], file);
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const problem =
      code === 'ENOENT'
        ? 'does not exist; name another file, or write one with "soar-feed config init"'
        : `cannot be read (${code}); fix its permissions or name another file`;
    throw new ConfigError([{ section: basename(file), problem }], file);
  }
}

class Loader {
  private readonly issues: ConfigIssue[] = [];
  private readonly warnings: ConfigIssue[] = [];
  private readonly redactor: Redactor;
  private readonly folder: string;
  private readonly secrets: SecretSources;

  constructor(
    private readonly config: AppConfig,
    private readonly env: Environment,
    options: LoadOptions,
  ) {
    this.issues.push(...config.issues);
    this.redactor = options.redactor ?? sharedRedactor;
    this.folder = dirname(config.file);
    this.secrets = secretSourcesOf(config, this.folder, { env, folder: options.secretsFolder });
  }

  survey(): ConfigSurvey {
    const resilient = this.section('resilient', resilientSection, {
      reserved: IGNORED_RESILIENT_KEYS,
      ignored: POINTLESS_RESILIENT_KEYS,
    });
    const feeds = this.feeds();
    const feedNames = feeds?.feed_names ?? this.listInFeeds('feed_names');
    if (feeds?.workspaces !== undefined) this.checkWorkspaces(feeds.workspaces, feedNames);
    const surveyed: SurveyedFeed[] = [];
    const sections = new Map<string, FeedSection>();
    for (const name of feedNames) {
      const found = this.feedSection(name);
      if (found === undefined) continue;
      const { engine, ...values } = found;
      const className = values.raw.get('class')?.text ?? '';
      const raw = new Map([...values.raw].filter(([key]) => !isEngineKey(key)));
      const { continuations } = values;
      if (className !== '') surveyed.push({ name, className, raw, continuations });
      if (engine === undefined) continue;
      sections.set(name, {
        ...{ name, raw, continuations },
        engine: toFeedEngineSettings(engine, feeds?.spill_after ?? 0),
      });
    }
    this.issues.push(...sharedShownFields(sections));
    const { folder, warnings, redactor, issues } = this;
    const { file } = this.config;
    const targetPackages = feeds?.target_packages ?? this.listInFeeds('target_packages');
    const survey = { file, folder, redactor, warnings, issues, feeds: surveyed, targetPackages };
    if (issues.length > 0 || resilient === undefined || feeds === undefined) return survey;
    const settings = { resilient: toResilientSettings(resilient, folder), feeds: toFeedsSettings(feeds) };
    return { ...survey, host: { file, folder, ...settings, sections, warnings, redactor } };
  }

  state(): StateConfig {
    const feeds = this.feeds();
    if (feeds === undefined) throw new ConfigError(this.issues, this.config.file, this.warnings);
    return { file: this.config.file, feeds: toFeedsSettings(feeds), redactor: this.redactor };
  }

  private feeds(): z.output<typeof feedsSection> | undefined {
    const feeds = this.section('feeds', feedsSection, { reserved: IGNORED_FEEDS_KEYS });
    const password = feeds && passwordOf(feeds.state_db);
    if (password !== undefined) this.redactor.remember(password);
    return feeds;
  }

  /** Also works if `[feeds]` is faulty elsewhere. */
  private listInFeeds(key: 'feed_names' | 'target_packages'): readonly string[] {
    const text = this.config.sections.get('feeds')?.values.get(key)?.text ?? '';
    return [...new Set(field.list().parse(text))];
  }

  private section<Schema extends z.ZodObject>(
    name: string,
    schema: Schema,
    options: Pick<ValidateOptions, 'reserved' | 'ignored'>,
  ): z.output<Schema> | undefined {
    const raw = this.raw(name);
    if (raw === undefined) {
      this.issues.push({
        section: name,
        problem: `the section is missing; add [${name}] to the file${this.otherSpelling(name)}`,
      });
      return undefined;
    }
    return this.validate(name, raw, schema, options);
  }

  private validate<Schema extends z.ZodObject>(
    name: string,
    raw: RawValues,
    schema: Schema,
    options: Pick<ValidateOptions, 'reserved' | 'ignored'> = {},
  ): z.output<Schema> | undefined {
    const { folder, redactor } = this;
    const continuations = this.config.sections.get(name)?.continuations ?? [];
    const result = validateSection(name, raw, schema, { ...options, folder, redactor, continuations });
    this.issues.push(...result.issues);
    this.warnings.push(...result.warnings);
    return result.value;
  }

  private feedSection(
    name: string,
  ): (FeedValues & { readonly engine: z.output<typeof feedEngineFields> | undefined }) | undefined {
    const raw = this.raw(name);
    if (NOT_A_FEED.includes(name) || raw === undefined) {
      const problem = NOT_A_FEED.includes(name)
        ? `names [${name}], which is not a feed`
        : `names ${name}, but the section [${name}] is missing; add it, or take the name out${this.otherSpelling(name)}`;
      this.issues.push({ section: 'feeds', key: 'feed_names', problem });
      return undefined;
    }
    const engine = this.validate(name, new Map([...raw].filter(([key]) => isEngineKey(key))), feedEngineFields);
    const continuations = this.config.sections.get(name)?.continuations ?? [];
    return { name, raw, continuations, engine };
  }

  private otherSpelling(name: string): string {
    const names = [...this.config.sections.keys()];
    const same = names.find((other) => other.toLowerCase() === name.toLowerCase());
    if (same !== undefined) return ` ([${same}] stands there, but names of sections are case-sensitive)`;
    const near = didYouMean(name, names);
    return near === undefined ? '' : ` (is [${near}] meant to be it?)`;
  }

  private checkWorkspaces(workspaces: Workspaces, feedNames: readonly string[]): void {
    for (const [label, feeds] of workspaces) {
      const unknown = feeds.filter((feed) => !feedNames.includes(feed));
      if (unknown.length === 0) continue;
      const problem = `workspace ${JSON.stringify(label)} names ${unknown.join(', ')}, which feed_names does not hold; accepted: ${feedNames.join(', ')}`;
      this.issues.push({ section: 'feeds', key: 'workspaces', problem });
    }
  }

  private withEnvironment(values: RawValues): RawValues {
    const given = Object.entries(RESILIENT_ENVIRONMENT).flatMap(([key, name]): [string, RawValue][] => {
      const text = this.env[name];
      return text === undefined || text === '' ? [] : [[key, { text }]];
    });
    return new Map([...given, ...values]);
  }

  private raw(name: string): RawValues | undefined {
    const section = this.config.sections.get(name);
    if (section === undefined) return undefined;
    const values = name === 'resilient' ? this.withEnvironment(section.values) : section.values;
    return resolveSecrets(values, { ...this.secrets, section: name });
  }
}

function isEngineKey(key: string): boolean {
  return Object.hasOwn(feedEngineFields.shape, key);
}
