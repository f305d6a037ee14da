import { SoarApiError } from '@soar-feed/soar-client';
import type { ConfigurationDto, SoarClient } from '@soar-feed/soar-client';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { Undoing } from './Customization.js';
import { entriesOf } from './entries.js';
import { feedPieces } from './feedPieces.js';
import { judge } from './judge.js';
import type { Piece } from './Piece.js';
import { referenceFields } from './pieces/referenceFields.js';
import { standingShownPieces } from './pieces/shownPieces.js';
import type { PlanItem } from './PlanItem.js';

interface Removable {
  readonly piece: Piece;
  readonly entry: SoarObject;
  readonly item: PlanItem;
}

/** What we made in the organization, and whether it can be removed: not what a person changed, nor what others use. */
export async function planUndo(client: SoarClient, queue: string | undefined, signal?: AbortSignal): Promise<Undoing> {
  const current = await client.configurations.export(signal === undefined ? {} : { signal });
  const pieces =
    queue === undefined ? referenceFields() : [...feedPieces(queue, current, true), ...standingShownPieces(current)];
  const going = new Set<unknown>();
  // What uses another goes first.
  const found = [...pieces].reverse().flatMap((piece): Removable[] => {
    const standing = judge(piece, current);
    if (standing?.owner !== 'soar-feed') return [];
    const reason = standing.changed ? 'was changed by hand' : usedBy(piece, current, going);
    if (reason === undefined) going.add(piece.entry['uuid']);
    const about = { kind: piece.kind, name: piece.name, owner: standing.owner } as const;
    const item: PlanItem =
      reason === undefined ? { ...about, state: 'remove' } : { ...about, state: 'keep', detail: reason };
    return [{ piece, entry: standing.entry, item }];
  });
  return {
    items: found.map(({ item }) => item),
    async apply(applySignal) {
      const failed: PlanItem[] = [];
      for (const { piece, entry, item } of found)
        if (item.state === 'remove') failed.push(...(await remove(client, piece, entry, item, applySignal)));
      return failed;
    },
  };
}

/** `going`: the uuids of what is removed before. */
function usedBy(piece: Piece, current: ConfigurationDto, going: ReadonlySet<unknown>): string | undefined {
  const staying = (list: 'actions' | 'functions' | 'playbooks'): readonly SoarObject[] =>
    entriesOf(current, list).filter(({ uuid }) => !going.has(uuid));
  const { uuid } = piece.entry;
  const users =
    piece.kind === 'destination'
      ? [
          ...staying('actions').filter(({ message_destinations: queues }) => holds(queues, piece.name)),
          ...staying('functions').filter(({ destination_handle: handle }) => handle === piece.name),
        ]
      : piece.kind === 'field'
        ? staying('functions').filter(({ view_items: items }) => JSON.stringify(items ?? []).includes(String(uuid)))
        : piece.kind === 'function'
          ? staying('playbooks').filter(({ content }) => JSON.stringify(content ?? {}).includes(String(uuid)))
          : [];
  return users.length === 0 ? undefined : `is used by ${users.map(({ name }) => String(name)).join(', ')}`;
}

function holds(list: unknown, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

async function remove(
  client: SoarClient,
  piece: Piece,
  entry: SoarObject,
  item: PlanItem,
  signal?: AbortSignal,
): Promise<readonly PlanItem[]> {
  try {
    const path = await pathOf(client, piece, entry, signal);
    if (path !== undefined) await client.rest.delete(path, signal === undefined ? {} : { signal });
    return [];
  } catch (error) {
    // The platform's own no concerns this piece alone.
    if (!SoarApiError.is(error) || error.status === undefined || error.unavailable) throw error;
    if (error.status === 404 && piece.kind !== 'playbook') return [];
    return [{ ...item, state: 'keep', detail: error.message }];
  }
}

async function pathOf(
  client: SoarClient,
  { kind, entry: ours }: Piece,
  entry: SoarObject,
  signal?: AbortSignal,
): Promise<string | undefined> {
  switch (kind) {
    case 'rule':
      return `/actions/${Number(entry['id'])}`;
    case 'function':
      return `/functions/${encodeURIComponent(String(entry['name']))}`;
    case 'playbook':
      return `/playbooks/${encodeURIComponent(String(entry['name']))}`;
    case 'field': {
      const [type = ''] = String(ours['export_key']).split('/');
      return `/types/${encodeURIComponent(type)}/fields/${encodeURIComponent(String(entry['name']))}`;
    }
    case 'destination': {
      const all = await client.messageDestinations.all(signal === undefined ? {} : { signal });
      const found = all.find(({ programmatic_name: name }) => name === entry['programmatic_name']);
      return found === undefined ? undefined : `/message_destinations/${found.id}`;
    }
  }
}
