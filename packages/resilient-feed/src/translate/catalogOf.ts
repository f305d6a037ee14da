import { createHash } from 'node:crypto';
import { toTypeSchema, writeJson } from '@soar-feed/core';
import type { SelectOption, TypeSchema } from '@soar-feed/core';
import type { ArtifactTypeDto, TypeDto, WorkspaceDto } from '@soar-feed/soar-client';
import type { CatalogLists } from './CatalogReader.js';
import { People } from './People.js';

export interface ArtifactTypeEntry {
  readonly id: number;
  /**
   * How a write names the type: a custom one by its programmatic name, if that is known (IBM's statement in
   * resilientfeed 1.1.0); else by id.
   */
  readonly handle: number | string;
  /** Its artifacts have a file. */
  readonly file: boolean;
  /** `false`: an equal value in the same incident probably merges into the artifact that is there (unconfirmed). */
  readonly allowDuplicate: boolean;
  /** The organization says that no value of it is split into several artifacts. */
  readonly unsplit: boolean;
}

export interface CatalogContents {
  readonly types: ReadonlyMap<string, TypeSchema>;
  /** Default option (its value as text) by `type.field`. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly people: People;
  /** By label and by label in lower case, like the next map. */
  readonly workspaces: ReadonlyMap<string, number>;
  readonly artifactTypes: ReadonlyMap<string, ArtifactTypeEntry>;
  /** Equal if the organization gave the same answers. */
  readonly fingerprint: string;
}

/**
 * Builds the catalog from the organization's lists. For a list that could not be read, the types stand in as far as
 * they tell.
 */
export function catalogOf({ types, users, groups, workspaces, artifactTypes }: CatalogLists): CatalogContents {
  const schemas = new Map(Object.values(types).map((type) => [type.type_name, toTypeSchema(type)]));
  const choices = users === undefined || groups === undefined ? peopleChoices(schemas) : [];
  return {
    types: schemas,
    defaults: defaultsOf(Object.values(types)),
    people: new People(users ?? [], groups ?? [], choices),
    workspaces: byName(
      workspaces?.map((workspace) => [[nameOf(workspace)], workspace.id]) ?? workspaceChoices(schemas),
    ),
    artifactTypes: artifactTypesOf(artifactTypes, schemas.get('artifact')),
    fingerprint: createHash('sha256')
      .update(writeJson([types, users, groups, workspaces, artifactTypes]))
      .digest('base64'),
  };
}

/** The people that fields offer, by label alone. */
function peopleChoices(schemas: ReadonlyMap<string, TypeSchema>): readonly SelectOption[] {
  const fields = [...schemas.values()].flatMap(({ fields }) => [...fields.values()]);
  const people = fields.filter(({ inputType }) => inputType === 'select_owner' || inputType === 'multiselect_members');
  return people.flatMap(({ options }) => [...options.values()]);
}

function workspaceChoices(schemas: ReadonlyMap<string, TypeSchema>): (readonly [readonly string[], number])[] {
  const options = schemas.get('incident')?.fields.get('workspace')?.options ?? new Map<string, SelectOption>();
  return [...options.values()].filter(({ enabled }) => enabled).map(({ label, value }) => [[label], Number(value)]);
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

/** The list has programmatic names and files, the schema's options have `allow_duplicate`. */
function artifactTypesOf(
  listed: readonly ArtifactTypeDto[] | undefined,
  schema: TypeSchema | undefined,
): Map<string, ArtifactTypeEntry> {
  const options = schema?.fields.get('type')?.options;
  const offered = [...(options?.values() ?? [])].map(({ value, label: name, enabled }) => ({
    id: Number(value),
    name,
    enabled,
  }));
  const enabled = (listed ?? offered).filter((type: ArtifactTypeDto) => type.enabled !== false);
  return byName(
    enabled.map((type: ArtifactTypeDto) => {
      // Custom types have ids from 1000 (IBM SOAR samples).
      const system = type.system ?? type.id < 1000;
      const own = type.programmatic_name ?? undefined;
      const entry: ArtifactTypeEntry = {
        id: type.id,
        handle: system ? type.id : (own ?? type.id),
        file: type.file === true,
        allowDuplicate: options?.get(String(type.id))?.properties?.['allow_duplicate'] !== false,
        unsplit: type.parse_as_csv === false && type.multi_aware !== true,
      };
      return [own === undefined ? [type.name] : [type.name, own], entry];
    }),
  );
}

function nameOf(workspace: WorkspaceDto): string {
  const { display_name: label, name } = workspace;
  return label ?? (typeof name === 'string' ? name : '');
}

/** Exact names win over names without case, and earlier entries over later ones. */
function byName<T>(entries: readonly (readonly [readonly string[], T])[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const spelled of [(name: string) => name, (name: string) => name.trim().toLowerCase()]) {
    for (const [names, value] of entries) {
      for (const name of names) if (name !== '' && !map.has(spelled(name))) map.set(spelled(name), value);
    }
  }
  return map;
}
