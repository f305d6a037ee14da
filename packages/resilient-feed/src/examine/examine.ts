import { ConfigError } from '@soar-feed/core';
import type { Examination, ExamineContext, Finding, SoarObject, SourceOrg } from '@soar-feed/core';
import { SoarApiError, SoarClient } from '@soar-feed/soar-client';
import type { Dial, TypeDto } from '@soar-feed/soar-client';
import { assertAnotherOrg } from '../echo/assertAnotherOrg.js';
import { optionalReading } from '../optionalReading.js';
import { TargetCatalog } from '../translate/TargetCatalog.js';
import { compareFields } from './compareFields.js';
import { compareLists } from './compareLists.js';
import { compareOrgs } from './compareOrgs.js';
import { comparePermissions } from './comparePermissions.js';
import { compareSettings } from './compareSettings.js';
import { compareTables } from './compareTables.js';
import { Lacks } from './Lacks.js';
import type { ExamineSettings, Pair } from './Pair.js';

export interface ExamineServices {
  readonly source: Pick<SourceOrg, 'host' | 'orgId' | 'orgUuid' | 'principalId' | 'fetch' | 'types'>;
  /** The feed's section in the config file. */
  readonly name: string;
  readonly dial?: Dial | undefined;
}

/**
 * Compares the source with the target organization and reads only. Throws SoarApiError if one of them does not show its
 * types.
 */
export async function examine(
  settings: ExamineSettings,
  { source, name, dial }: ExamineServices,
  { signal, ...beyond }: ExamineContext,
): Promise<Examination> {
  const client = await SoarClient.connect(settings.connection, { signal, dial });
  try {
    const same = await sameOrg(client, source, name, signal);
    if (same !== undefined) return { findings: [same] };
    const types = await client.types.all({ signal });
    const readings = new Readings(client, types);
    const target = await TargetCatalog.load(readings.lists, signal);
    const lacks = new Lacks();
    const { exclude, deleteIncidents } = settings;
    const { principalId } = source;
    const pair: Pair = {
      source: await source.types(),
      principalId,
      beyond,
      target,
      raw: types,
      client,
      exclude,
      lacks,
    };
    const constants = await optionalReading(
      (within) => client.rest.get<SoarObject>('/const', { scope: 'rest', signal: within }),
      signal,
    ).catch(() => undefined);
    const incident = await anIncident(client, signal);
    const findings = [
      ...readings.findings(),
      ...comparePermissions(incident.found, deleteIncidents),
      ...incident.findings,
      ...compareFields(pair),
      ...compareTables(pair),
      ...compareLists(pair),
      ...compareOrgs(pair, constants, settings),
      ...compareSettings(pair, settings, name),
    ];
    return { findings, lacks: lacks.entries };
  } finally {
    await client.close();
  }
}

async function sameOrg(
  client: SoarClient,
  source: ExamineServices['source'],
  name: string,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  try {
    await assertAnotherOrg(client, source, name, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      ...{ gravity: 'blocks', area: 'config', subject: `[${name}] org` },
      problem: error.issues[0]?.problem ?? error.message,
      consequence: 'the host does not start',
      fix: 'Name another organization.',
    };
  }
}

/** The newest incident that the account sees, with what it may do there. */
async function anIncident(
  client: SoarClient,
  signal: AbortSignal,
): Promise<{ readonly found?: SoarObject; readonly findings: readonly Finding[] }> {
  try {
    for await (const [first] of client.incidents.pages({ pageSize: 1, returnLevel: 'full' }, { signal }))
      return first === undefined ? { findings: [] } : { found: first, findings: [] };
    return { findings: [] };
  } catch (error) {
    if (!SoarApiError.is(error) || error.status === undefined) throw error;
    const finding: Finding = {
      ...{ gravity: 'blocks', area: 'permission', subject: 'reading incidents' },
      problem: `the target answers: ${error.message}`,
      consequence: 'no incident can be compared or updated',
      fix: 'Give the API key or role the permission to read incidents.',
    };
    return { findings: [finding] };
  }
}

type Lists = Parameters<typeof TargetCatalog.load>[0];
type ListName = 'users' | 'groups' | 'workspaces' | 'artifactTypes';

const WITHOUT: Readonly<Record<ListName, readonly [what: string, consequence: string]>> = {
  users: ['users', 'owners and members are known by their whole labels alone'],
  groups: ['groups', 'groups are known by their whole labels alone'],
  workspaces: ['workspaces', 'a workspace that the fields do not offer becomes the default one'],
  artifactTypes: ['artifact types', 'artifact types are known by their labels alone'],
};

/** Reads the lists of the target, and remembers which it may not read. */
class Readings {
  private readonly unread = new Map<ListName, string>();
  readonly lists: Lists;

  constructor(
    private readonly client: SoarClient,
    types: Readonly<Record<string, TypeDto>>,
  ) {
    this.lists = {
      types: { all: () => Promise.resolve(types) },
      users: this.noting('users'),
      groups: this.noting('groups'),
      workspaces: this.noting('workspaces'),
      artifactTypes: this.noting('artifactTypes'),
    };
  }

  *findings(): Generator<Finding> {
    for (const [name, why] of this.unread) {
      const [what, consequence] = WITHOUT[name];
      yield {
        ...{ gravity: 'changes', area: 'permission', subject: `reading ${what}`, consequence },
        problem: `the target does not show them: ${why}`,
        fix: `Give the API key or role the permission to read ${what}.`,
      };
    }
  }

  private noting<Name extends ListName>(name: Name): Lists[Name] {
    const all = async (options?: { readonly signal?: AbortSignal | undefined }): Promise<unknown> => {
      try {
        return await this.client[name].all(options);
      } catch (error) {
        this.unread.set(name, error instanceof Error ? error.message : String(error));
        throw error;
      }
    };
    return { all } as Lists[Name];
  }
}
