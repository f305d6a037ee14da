import type { CatalogSource } from '../../src/translate/CatalogReader.js';
import { TargetCatalog } from '../../src/translate/TargetCatalog.js';
import type { OrgTypes } from './orgTypes.js';

type Answer<Name extends keyof CatalogSource> = Awaited<ReturnType<CatalogSource[Name]['all']>>;

/** The lists of a target organization, and how often each was read. */
export interface FakeLists {
  users: Answer<'users'>;
  groups: Answer<'groups'>;
  workspaces: Answer<'workspaces'>;
  artifactTypes: Answer<'artifactTypes'>;
}

export function listsOf(org: OrgTypes): FakeLists {
  const artifactType = (name: string) => org.id('artifact', 'type', name);
  return {
    users: [
      { id: 9001, email: 'Ada@Example.com', fname: 'Ada', lname: 'Admin', status: 'A' },
      { id: 9003, email: 'gone@example.com', fname: 'Gone', lname: 'Away', status: 'I' },
    ],
    groups: [{ id: 9010, name: 'Night Watch', export_key: 'night watch group' }],
    workspaces: [
      { id: 9101, display_name: 'Default workspace' },
      { id: 9102, display_name: 'Team B' },
    ],
    artifactTypes: [
      { id: artifactType('IP Address'), name: 'IP Address', programmatic_name: 'net.ip', system: true, file: false },
      { id: artifactType('String'), name: 'String', programmatic_name: 'string', system: true, file: false },
      {
        id: artifactType('Malware Family'),
        name: 'Malware Family',
        programmatic_name: 'malware_family',
        system: false,
      },
      { id: artifactType('Only Here'), name: 'Retired', programmatic_name: 'retired', system: false, enabled: false },
    ],
  };
}

export function catalogSource(org: OrgTypes, lists: FakeLists = listsOf(org)): CatalogSource & { reads: number } {
  const source = {
    reads: 0,
    types: {
      all: () => {
        source.reads++;
        return Promise.resolve(org.types);
      },
    },
    users: { all: () => Promise.resolve(lists.users) },
    groups: { all: () => Promise.resolve(lists.groups) },
    workspaces: { all: () => Promise.resolve(lists.workspaces) },
    artifactTypes: { all: () => Promise.resolve(lists.artifactTypes) },
  };
  return source;
}

export function catalogOf(org: OrgTypes): Promise<TargetCatalog> {
  return TargetCatalog.load(catalogSource(org));
}
