import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import { shownFeeds } from '../../config/shownFeeds.js';
import type { HostConfig } from '../../config/loadHostConfig.js';
import type { Finding } from '../../contract/Examination.js';
import { planCustomization } from '../../customize/customize.js';
import type { PlanItem } from '../../customize/PlanItem.js';

/** What the source lacks for the feed: permissions to read, and what fills the queue. */
export async function sourceFindings(
  client: SoarClient,
  { resilient, feeds, sections }: Pick<HostConfig, 'resilient' | 'feeds' | 'sections'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const shown = shownFeeds({ sections });
  const unread = [...(await unreadable(client, signal)), ...(await unshown(client, shown, signal))];
  if (!resilient.stompEnabled || !client.org.actionsFrameworkEnabled) return unread;
  try {
    const { items } = await planCustomization(client, { queue: feeds.queue, shown, emails: feeds.emails }, signal);
    return [...unread, ...items.flatMap((item) => [...customizationFinding(item)])];
  } catch (error) {
    const finding: Finding = {
      ...{ gravity: 'note', area: 'permission', subject: 'reading the customization settings' },
      problem: `the source does not show them: ${whyOf(error)}`,
      consequence: 'whether every change reaches the queue is not known',
      fix: 'Run soar-feed customize with an account that may see them; the account of the feed needs not.',
    };
    return [...unread, finding];
  }
}

function* customizationFinding({ kind, name, state, detail }: PlanItem): Generator<Finding> {
  if (state === 'present' || kind === 'playbook') return;
  const isNeeded = kind === 'rule' || kind === 'destination' || kind === 'reader';
  yield {
    gravity: kind === 'destination' || kind === 'reader' ? 'blocks' : isNeeded ? 'loses' : 'note',
    area: kind === 'reader' ? 'permission' : kind,
    subject: name,
    problem:
      kind === 'reader' ? 'may not read the queue' : state === 'create' ? 'is not at the source' : (detail ?? state),
    consequence: name.startsWith('incident.')
      ? 'incidents do not show this feed (show_in_source)'
      : (CONSEQUENCES[kind] ?? 'changes do not arrive as they are made'),
    fix: state === 'create' ? 'Run: soar-feed customize' : 'Change it in the customization settings.',
  };
}

const CONSEQUENCES: Partial<Record<PlanItem['kind'], string>> = {
  rule: 'changes of these objects arrive only with a reload',
  destination: 'the host does not start',
  reader: 'the host does not start',
  field: 'a reload cannot be started from SOAR',
  function: 'a reload cannot be started from SOAR',
};

/** What a feed reads of an incident; each is tried at one incident. */
const PARTS: readonly (readonly [
  what: string,
  read: (client: SoarClient, id: number, signal: AbortSignal) => Promise<unknown>,
])[] = [
  ['tasks', (client, id, signal) => client.tasks.list(id, { signal })],
  ['notes', (client, id, signal) => client.notes.list({ incidentId: id }, { signal })],
  ['artifacts', (client, id, signal) => client.artifacts.list(id, { signal })],
  ['attachments', (client, id, signal) => client.attachments.list({ incidentId: id }, { signal })],
  ['milestones', (client, id, signal) => client.milestones.list(id, { signal })],
  ['table rows', (client, id, signal) => client.dataTables.list(id, { signal })],
];

async function unreadable(client: SoarClient, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const incident = await firstIncident(client, signal).catch((error: unknown) => {
    findings.push(forbidden('incidents', 'blocks', error));
    return undefined;
  });
  if (incident === undefined) return findings;
  for (const [what, read] of PARTS)
    await read(client, incident, signal).catch((error: unknown) => {
      findings.push(forbidden(what, 'loses', error));
    });
  return findings;
}

/** Whether the account may write what feeds show; what an incident says of it, for nothing is written to try. */
async function unshown(client: SoarClient, shown: readonly string[], signal: AbortSignal): Promise<readonly Finding[]> {
  if (shown.length === 0) return [];
  const denied = await deniedWrite(client, signal);
  if (denied === undefined) return [];
  return [
    {
      ...{ gravity: 'loses', area: 'permission', subject: 'editing incidents' },
      problem: `the account of [resilient] may not edit incident ${denied} of the source`,
      consequence: `incidents do not show ${shown.join(', ')} (show_in_source); deliveries are not affected`,
      fix: 'Give the API key or role the permission to edit incidents, or take show_in_source out.',
    },
  ];
}

/** The newest incident that the account sees and may not edit, by `perms` of IncidentDTO. */
export async function deniedWrite(client: SoarClient, signal?: AbortSignal): Promise<number | undefined> {
  const options = signal === undefined ? {} : { signal };
  try {
    for await (const [first] of client.incidents.pages({ pageSize: 1 }, options)) {
      const perms = first?.['perms'] as Readonly<Record<string, unknown>> | null | undefined;
      return perms?.['write'] === false ? first?.id : undefined;
    }
  } catch (error) {
    // It was said already that incidents cannot be read.
    if (!SoarApiError.is(error) || error.status === undefined) throw error;
  }
  return undefined;
}

async function firstIncident(client: SoarClient, signal: AbortSignal): Promise<number | undefined> {
  for await (const [first] of client.incidents.pages({ pageSize: 1, returnLevel: 'partial' }, { signal }))
    return first?.id;
  return undefined;
}

/** Throws what says nothing about a permission. */
function forbidden(what: string, gravity: Finding['gravity'], error: unknown): Finding {
  if (!SoarApiError.is(error) || error.status === undefined || error.unavailable) throw error;
  return {
    ...{ gravity, area: 'permission', subject: `reading ${what}` },
    problem: `the source answers: ${error.message}`,
    consequence: `${what} do not arrive`,
    fix: `Give the API key or role the permission to read ${what}.`,
  };
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
