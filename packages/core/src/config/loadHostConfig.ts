import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../contract/errors.js';
import type { ConfigIssue } from '../contract/errors.js';
import { sharedRedactor } from '../telemetry/redact.js';
import type { Redactor } from '../telemetry/redact.js';
import type { Workspaces } from '../routing/parseWorkspaces.js';
import { feedEngineFields, toFeedEngineSettings } from './feedEngineFields.js';
import type { FeedEngineSettings } from './feedEngineFields.js';
import { field } from './field.js';
import { feedsSection, IGNORED_FEEDS_KEYS, toFeedsSettings } from './feedsSection.js';
import type { FeedsSettings } from './feedsSection.js';
import type { RawValue, RawValues } from './RawValues.js';
import { readAppConfig } from './readAppConfig.js';
import type { AppConfig } from './readAppConfig.js';
import {
  IGNORED_RESILIENT_KEYS,
  RESILIENT_ENVIRONMENT,
  resilientSection,
  toResilientSettings,
} from './resilientSection.js';
import type { ResilientSettings } from './resilientSection.js';
import { resolveSecrets } from './resolveSecrets.js';
import { passwordOf } from './stateDatabase.js';
import { validateSection } from './validateSection.js';
import type { SectionResult } from './validateSection.js';

/** Everything core reads of the file; the targets' own keys stand raw until their package is loaded. */
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

export interface FeedSection {
  readonly name: string;
  readonly engine: FeedEngineSettings;
  /** The rest, for the target's schema: `validateFeedSection`. */
  readonly raw: RawValues;
}

export interface LoadOptions {
  readonly redactor?: Redactor;
  /** See `resolveSecrets`. */
  readonly secretsFolder?: string;
}

/** Sections that can never be a feed. */
const NOT_A_FEED = ['resilient', 'feeds', 'integrations'];

/** Reads and checks the file. Throws one `ConfigError` with every problem that can be seen without the targets. */
export function loadHostConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  options: LoadOptions = {},
): HostConfig {
  const absolute = resolve(file);
  const loader = new Loader(readAppConfig(readText(absolute), absolute), env, options);
  const host = loader.load();
  if (host === undefined || loader.issues.length > 0) throw new ConfigError(loader.issues, absolute);
  return host;
}

/** What commands need that look after the state and connect nobody. */
export type StateConfig = Pick<HostConfig, 'file' | 'feeds' | 'redactor'>;

/**
 * Reads `[feeds]` alone, so that the state can be looked after where the secrets of the rest are not at hand. Throws
 * `ConfigError`.
 */
export function loadStateConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  options: LoadOptions = {},
): StateConfig {
  const absolute = resolve(file);
  const loader = new Loader(readAppConfig(readText(absolute), absolute), env, options);
  const state = loader.loadState();
  if (state === undefined) throw new ConfigError(loader.issues, absolute);
  return state;
}

/** Applies a target's schema to its feed's section. */
export function validateFeedSection<Schema extends z.ZodObject>(
  host: Pick<HostConfig, 'folder' | 'redactor'>,
  section: FeedSection,
  schema: Schema,
): SectionResult<z.output<Schema>> {
  return validateSection(section.name, section.raw, schema, {
    folder: host.folder,
    redactor: host.redactor,
    reserved: Object.keys(feedEngineFields.shape),
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const problem =
      code === 'ENOENT'
        ? 'does not exist; name another file, or write one with "soar-feed config init"'
        : `cannot be read (${code}); mend its permissions or name another file`;
    throw new ConfigError([{ section: basename(file), problem }], file);
  }
}

class Loader {
  readonly issues: ConfigIssue[] = [];
  private readonly warnings: ConfigIssue[] = [];
  private readonly redactor: Redactor;
  private readonly folder: string;

  constructor(
    private readonly config: AppConfig,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly options: LoadOptions,
  ) {
    this.issues.push(...config.issues);
    this.redactor = options.redactor ?? sharedRedactor;
    this.folder = dirname(config.file);
  }

  /** Goes on after a fault, so that one report holds everything; `undefined` when there was one. */
  load(): HostConfig | undefined {
    const resilient = this.section('resilient', resilientSection, IGNORED_RESILIENT_KEYS);
    const feeds = this.feeds();
    const feedNames = feeds?.feed_names ?? this.feedNamesOfFaultySection();
    const spillAfterMs = feeds?.spill_after ?? 0;
    if (feeds?.workspaces !== undefined) this.checkWorkspaces(feeds.workspaces, feedNames);
    const sections = new Map<string, FeedSection>();
    for (const name of feedNames) {
      const section = this.feedSection(name, spillAfterMs);
      if (section !== undefined) sections.set(name, section);
    }
    if (resilient === undefined || feeds === undefined) return undefined;
    if (feeds.timeseries !== 'never') {
      this.warnings.push({ section: 'feeds', key: 'timeseries', problem: 'is not supported yet and has no effect' });
    }
    const { file } = this.config;
    const { folder, warnings, redactor } = this;
    return {
      file,
      folder,
      resilient: toResilientSettings(resilient),
      feeds: toFeedsSettings(feeds),
      sections,
      warnings,
      redactor,
    };
  }

  loadState(): StateConfig | undefined {
    const feeds = this.feeds();
    return feeds && { file: this.config.file, feeds: toFeedsSettings(feeds), redactor: this.redactor };
  }

  private feeds(): z.output<typeof feedsSection> | undefined {
    const feeds = this.section('feeds', feedsSection, IGNORED_FEEDS_KEYS);
    const password = feeds && passwordOf(feeds.state_db);
    if (password !== undefined) this.redactor.remember(password);
    return feeds;
  }

  private feedNamesOfFaultySection(): readonly string[] {
    const text = this.config.sections.get('feeds')?.values.get('feed_names')?.text ?? '';
    return [...new Set(field.list().parse(text))];
  }

  private section<Schema extends z.ZodObject>(
    name: string,
    schema: Schema,
    reserved: readonly string[],
  ): z.output<Schema> | undefined {
    const raw = this.raw(name);
    if (raw === undefined) {
      this.issues.push({ section: name, problem: `the section is missing; add [${name}] to the file` });
      return undefined;
    }
    const result = validateSection(name, raw, schema, { folder: this.folder, redactor: this.redactor, reserved });
    this.issues.push(...result.issues);
    this.warnings.push(...result.warnings);
    return result.value;
  }

  private feedSection(name: string, spillAfterMs: number): FeedSection | undefined {
    const raw = this.raw(name);
    if (NOT_A_FEED.includes(name) || raw === undefined) {
      const problem = NOT_A_FEED.includes(name)
        ? `names [${name}], which is not a feed`
        : `names ${name}, but the section [${name}] is missing; add it, or take the name out`;
      this.issues.push({ section: 'feeds', key: 'feed_names', problem });
      return undefined;
    }
    const isEngineKey = ([key]: [string, unknown]) => key in feedEngineFields.shape;
    const engine = validateSection(name, new Map([...raw].filter(isEngineKey)), feedEngineFields, {
      folder: this.folder,
      redactor: this.redactor,
    });
    this.issues.push(...engine.issues);
    if (!engine.ok) return undefined;
    const rest = new Map([...raw].filter((entry) => !isEngineKey(entry)));
    return { name, engine: toFeedEngineSettings(engine.value, spillAfterMs), raw: rest };
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
    return resolveSecrets(values, {
      env: this.env,
      ...(this.options.secretsFolder === undefined ? {} : { folder: this.options.secretsFolder }),
      remember: (secret) => this.redactor.remember(secret),
    });
  }
}
