import type { ArtifactTypeDto, GroupDto, TypeDto, UserDto, WorkspaceDto } from '@soar-feed/soar-client';
import type { Logger } from '@soar-feed/core';
import { optionalReading } from '../optionalReading.js';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The lists of a `SoarClient` that the catalog reads. */
export interface CatalogSource {
  readonly types: { all(options?: CallOptions): Promise<Readonly<Record<string, TypeDto>>> };
  readonly users: { all(options?: CallOptions): Promise<readonly UserDto[]> };
  readonly groups: { all(options?: CallOptions): Promise<readonly GroupDto[]> };
  readonly workspaces: { all(options?: CallOptions): Promise<readonly WorkspaceDto[]> };
  readonly artifactTypes: { all(options?: CallOptions): Promise<readonly ArtifactTypeDto[]> };
}

/** The lists as the organization gave them; absent: it never gave one. */
export interface CatalogLists {
  readonly types: Readonly<Record<string, TypeDto>>;
  readonly users?: readonly UserDto[] | undefined;
  readonly groups?: readonly GroupDto[] | undefined;
  readonly workspaces?: readonly WorkspaceDto[] | undefined;
  readonly artifactTypes?: readonly ArtifactTypeDto[] | undefined;
}

type Optional = Exclude<keyof CatalogSource, 'types'>;

/** What happens while a list cannot be read and there is no earlier copy. */
const WITHOUT: Readonly<Record<Optional, string>> = {
  users: 'owners and members are known by their whole labels alone, others are left out',
  groups: 'groups are known by their whole labels alone, others are left out',
  workspaces: 'incidents that name a workspace which the fields do not offer go into the default one',
  artifactTypes: 'artifact types are known by their labels alone',
};

/**
 * Reads the organization's lists in parallel. Only the types are required, and only at the first reading. If another
 * list fails, its last copy stays in use, if there is one. A failure is logged once, and so is its end.
 */
export class CatalogReader {
  private readonly failing = new Set<keyof CatalogSource>();
  private lists: CatalogLists | undefined;

  constructor(
    private readonly source: CatalogSource,
    private readonly log: Logger | undefined,
  ) {}

  /** Throws what reading the types throws, at the first reading only. */
  async read(signal: AbortSignal | undefined): Promise<CatalogLists> {
    const [types, users, groups, workspaces, artifactTypes] = await Promise.all([
      this.types(signal),
      this.optional('users', signal),
      this.optional('groups', signal),
      this.optional('workspaces', signal),
      this.optional('artifactTypes', signal),
    ]);
    this.lists = { types, users, groups, workspaces, artifactTypes };
    return this.lists;
  }

  /** Whether a list failed at the last reading. */
  get incomplete(): boolean {
    return this.failing.size > 0;
  }

  private async types(signal: AbortSignal | undefined): Promise<CatalogLists['types']> {
    const kept = this.lists?.types;
    try {
      const types = await this.source.types.all({ signal });
      this.succeeded('types');
      return types;
    } catch (error) {
      if (kept === undefined || signal?.aborted === true) throw error;
      this.failed('types', error, 'what was read before stays in use');
      return kept;
    }
  }

  private async optional<Name extends Optional>(
    name: Name,
    signal: AbortSignal | undefined,
  ): Promise<CatalogLists[Name]> {
    try {
      const list = (await optionalReading<readonly unknown[]>(
        (within) => this.source[name].all({ signal: within }),
        signal,
      )) as CatalogLists[Name];
      this.succeeded(name);
      return list;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const kept = this.lists?.[name];
      this.failed(name, error, kept === undefined ? WITHOUT[name] : 'what was read before stays in use');
      return kept;
    }
  }

  private failed(name: keyof CatalogSource, error: unknown, consequence: string): void {
    if (this.failing.has(name)) return;
    this.failing.add(name);
    const why = error instanceof Error ? error.message : String(error);
    this.log?.warn(
      `The target's ${WORDS[name]} cannot be read: ${consequence}, until they can be read and the object changes again. ${why}`,
      { event: 'target.reading-failed', reading: name },
    );
  }

  private succeeded(name: keyof CatalogSource): void {
    if (this.failing.delete(name))
      this.log?.info(`The target's ${WORDS[name]} can be read again.`, { event: 'target.reading-back', reading: name });
  }
}

const WORDS: Readonly<Record<keyof CatalogSource, string>> = {
  types: 'types',
  users: 'users',
  groups: 'groups',
  workspaces: 'workspaces',
  artifactTypes: 'artifact types',
};
