import { createHash } from 'node:crypto';
import { toTypeSchema, writeJson } from '@soar-feed/core';
import type { TypeSchema } from '@soar-feed/core';
import type { ArtifactTypeDto, GroupDto, TypeDto, UserDto, WorkspaceDto } from '@soar-feed/soar-client';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The lists of a SoarClient that the catalog reads. */
export interface CatalogSource {
  readonly types: { all(options?: CallOptions): Promise<Readonly<Record<string, TypeDto>>> };
  readonly users: { all(options?: CallOptions): Promise<readonly UserDto[]> };
  readonly groups: { all(options?: CallOptions): Promise<readonly GroupDto[]> };
  readonly workspaces: { all(options?: CallOptions): Promise<readonly WorkspaceDto[]> };
  readonly artifactTypes: { all(options?: CallOptions): Promise<readonly ArtifactTypeDto[]> };
}

export interface ArtifactTypeEntry {
  readonly id: number;
  readonly programmaticName: string;
  /** Built in: named by id on write; a custom one by its programmatic name (IBM's statement in resilientfeed 1.1.0). */
  readonly system: boolean;
  /** Its artifacts hold a file. */
  readonly file: boolean;
  /** `false`: an equal value on the same incident probably merges into the artifact that is there (unconfirmed). */
  readonly allowDuplicate: boolean;
}

export interface CatalogContents {
  readonly types: ReadonlyMap<string, TypeSchema>;
  /** Default option (its value as text) by `type.field`. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Ids by e-mail or group name, lower case. */
  readonly people: ReadonlyMap<string, number>;
  /** By label, and by label in lower case; the same below. */
  readonly workspaces: ReadonlyMap<string, number>;
  readonly artifactTypes: ReadonlyMap<string, ArtifactTypeEntry>;
  /** Equal when the organization answered the same. */
  readonly fingerprint: string;
}

/** Five requests, side by side (users: one per page). */
export async function readCatalog(source: CatalogSource, signal?: AbortSignal): Promise<CatalogContents> {
  const options = { signal };
  const [types, users, groups, workspaces, artifactTypes] = await Promise.all([
    source.types.all(options),
    source.users.all(options),
    source.groups.all(options),
    source.workspaces.all(options),
    source.artifactTypes.all(options),
  ]);
  const schemas = new Map(Object.values(types).map((type) => [type.type_name, toTypeSchema(type)]));
  return {
    types: schemas,
    defaults: defaultsOf(Object.values(types)),
    people: peopleOf(users, groups),
    workspaces: byName(workspaces.map((workspace) => [[nameOf(workspace)], workspace.id])),
    artifactTypes: artifactTypesOf(artifactTypes, schemas.get('artifact')),
    fingerprint: createHash('sha256')
      .update(writeJson([types, users, groups, workspaces, artifactTypes]))
      .digest('base64'),
  };
}

function defaultsOf(types: readonly TypeDto[]): Map<string, string> {
  const defaults = new Map<string, string>();
  for (const type of types) {
    for (const field of Object.values(type.fields)) {
      const preset = field.values?.find((option) => option.default === true);
      if (preset !== undefined) defaults.set(`${type.type_name}.${field.name}`, String(preset.value));
    }
  }
  return defaults;
}

/** Users who left (status other than A) cannot be given work. A user wins over a group of the same name. */
function peopleOf(users: readonly UserDto[], groups: readonly GroupDto[]): Map<string, number> {
  const people = new Map<string, number>();
  for (const group of groups) {
    for (const name of [group.export_key, group.name]) if (name) people.set(name.trim().toLowerCase(), group.id);
  }
  for (const user of users) {
    const active = user.status === undefined || user.status === null || user.status === 'A';
    if (active && user.email) people.set(user.email.trim().toLowerCase(), user.id);
  }
  return people;
}

/** The list knows programmatic names and files; the schema's options know `allow_duplicate`. */
function artifactTypesOf(
  listed: readonly ArtifactTypeDto[],
  schema: TypeSchema | undefined,
): Map<string, ArtifactTypeEntry> {
  const options = schema?.fields.get('type')?.options;
  const enabled = listed.filter((type) => type.enabled !== false);
  return byName(
    enabled.map((type) => {
      const entry: ArtifactTypeEntry = {
        id: type.id,
        programmaticName: type.programmatic_name ?? type.name,
        // Custom types have ids from 1000 (IBM SOAR samples).
        system: type.system ?? type.id < 1000,
        file: type.file === true,
        allowDuplicate: options?.get(String(type.id))?.properties?.['allow_duplicate'] !== false,
      };
      return [[type.name, entry.programmaticName], entry];
    }),
  );
}

function nameOf(workspace: WorkspaceDto): string {
  const { display_name: label, name } = workspace;
  return label ?? (typeof name === 'string' ? name : '');
}

/** Exact names win over names without case, and a first entry over a later one. */
function byName<T>(entries: readonly (readonly [readonly string[], T])[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const spelled of [(name: string) => name, (name: string) => name.trim().toLowerCase()]) {
    for (const [names, value] of entries) {
      for (const name of names) if (name !== '' && !map.has(spelled(name))) map.set(spelled(name), value);
    }
  }
  return map;
}
