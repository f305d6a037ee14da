import { surroundings } from '@soar-feed/core';
import type { Logger, SelectOption, TypeSchema } from '@soar-feed/core';
import { catalogOf } from './catalogOf.js';
import type { ArtifactTypeEntry, CatalogContents } from './catalogOf.js';
import { CatalogReader } from './CatalogReader.js';
import type { CatalogSource } from './CatalogReader.js';

/** Shortest time between two readings, ms. It doubles while readings bring nothing new. */
const MIN_REFRESH_MS = 30_000;
const MAX_REFRESH_MS = 600_000;
/** In between, for what is lacking for the first time or was refused: so often at once, then at this distance, ms. */
const EARLY_READINGS = 3;
const EARLY_MS = 2_000;

/**
 * What the target organization can hold: types, options, people, workspaces, artifact types. Read once when the feed
 * opens; `refresh` reads it again when a label is unknown. Names are compared exactly first, then without case.
 */
export class TargetCatalog {
  private contents: CatalogContents;
  private readAtMs: number;
  private refreshAfterMs = MIN_REFRESH_MS;
  private early = 0;
  private reading: Promise<boolean> | undefined;

  /** Throws what reading the types throws (`SoarApiError`). Every other list may be missing, which is logged. */
  static async load(
    source: CatalogSource,
    signal?: AbortSignal,
    steadyMs: () => number = () => surroundings().steadyMs(),
    log?: Logger,
  ): Promise<TargetCatalog> {
    const reader = new CatalogReader(source, log);
    return new TargetCatalog(reader, catalogOf(await reader.read(signal)), steadyMs);
  }

  private constructor(
    private readonly reader: CatalogReader,
    contents: CatalogContents,
    private readonly steadyMs: () => number,
  ) {
    this.contents = contents;
    this.readAtMs = steadyMs();
  }

  /** Another one after each change of the target. */
  get version(): string {
    return this.contents.fingerprint;
  }

  type(name: string): TypeSchema | undefined {
    return this.contents.types.get(name);
  }

  /**
   * The enabled option with that label. A retired option cannot be chosen any more and counts as missing. Of several
   * options with one label (`state` has some), the one whose id is `like`, else the first.
   */
  optionId(type: string, field: string, label: string, like?: unknown): number | string | undefined {
    const options = this.type(type)?.fields.get(field)?.options;
    if (options === undefined) return undefined;
    const enabled = [...options.values()].filter((option) => option.enabled);
    const exact = enabled.filter((option) => option.label === label);
    const found = exact.length > 0 ? exact : enabled.filter((option) => fold(option.label) === fold(label));
    return (found.find((option) => option.value === like) ?? found[0])?.value;
  }

  /** The option that a new object would get: the field's default, else its first enabled one. */
  defaultOption(type: string, field: string): SelectOption | undefined {
    const options = this.type(type)?.fields.get(field)?.options;
    const preset = this.contents.defaults.get(`${type}.${field}`);
    const byDefault = preset === undefined ? undefined : options?.get(preset);
    return byDefault?.enabled ? byDefault : [...(options?.values() ?? [])].find((option) => option.enabled);
  }

  /**
   * An active user or a group with that label, else a user with the e-mail in it, else a group with that name or export
   * key.
   */
  personId(label: string): number | undefined {
    return this.contents.people.idOf(label);
  }

  workspaceId(label: string): number | undefined {
    return this.contents.workspaces.get(label) ?? this.contents.workspaces.get(fold(label));
  }

  /** Finds it by display name or programmatic name. */
  artifactType(label: string): ArtifactTypeEntry | undefined {
    return this.contents.artifactTypes.get(label) ?? this.contents.artifactTypes.get(fold(label));
  }

  /** Whether this organization says that no value of the type is split; `handle`: as a write names the type. */
  isUnsplit(handle: unknown): boolean {
    return [...this.contents.artifactTypes.values()].some((type) => type.handle === handle && type.unsplit);
  }

  /**
   * Reads everything again, unless that was done a moment ago (30 s, up to 10 min while nothing new is found); in between
   * if there is a reason to expect changes (`isNews`), three times at once and then every 2 s. `true`: the target has changed since.
   * Concurrent calls share one reading. What cannot be read stays as it was.
   */
  refresh(isNews: boolean, signal?: AbortSignal): Promise<boolean> {
    if (this.reading !== undefined) return this.reading;
    const sinceMs = this.steadyMs() - this.readAtMs;
    const isDue = sinceMs >= this.refreshAfterMs;
    if (!isDue && !(isNews && (this.early < EARLY_READINGS || sinceMs >= EARLY_MS))) return Promise.resolve(false);
    this.early = isDue ? 0 : this.early + 1;
    this.reading = this.readAgain(isDue, signal).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readAgain(isDue: boolean, signal?: AbortSignal): Promise<boolean> {
    // A failed reading is not repeated at once either: an organization in trouble is not asked for every event.
    this.readAtMs = this.steadyMs();
    const contents = catalogOf(await this.reader.read(signal));
    const changed = contents.fingerprint !== this.contents.fingerprint;
    if (changed || this.reader.incomplete) this.refreshAfterMs = MIN_REFRESH_MS;
    else if (isDue) this.refreshAfterMs = Math.min(this.refreshAfterMs * 2, MAX_REFRESH_MS);
    this.contents = contents;
    return changed;
  }
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
