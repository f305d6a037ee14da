import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient } from '@soar-feed/soar-client';
import type { HostConfig } from '../../config/loadHostConfig.js';
import type { Finding } from '../../contract/Examination.js';
import { planCustomization } from '../../customize/customize.js';
import type { PlanItem } from '../../customize/PlanItem.js';

/** What the source lacks for the feed: permissions to read, and what fills the queue. */
export async function sourceFindings(
  client: SoarClient,
  { resilient, feeds }: Pick<HostConfig, 'resilient' | 'feeds'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const unread = await unreadable(client, signal);
  if (!resilient.stompEnabled || !client.org.actionsFrameworkEnabled) return unread;
  try {
    const { items } = await planCustomization(client, feeds.queue, signal);
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
    consequence: CONSEQUENCES[kind] ?? 'changes do not arrive as they are made',
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
