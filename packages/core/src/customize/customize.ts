import type { ConfigurationDto, SoarClient } from '@soar-feed/soar-client';
import type { SoarObject } from '../contract/FeedEvent.js';
import { FeedError } from '../contract/errors.js';
import { configurationOf } from './configurationOf.js';
import type { Customization } from './Customization.js';
import type { ListName } from './entries.js';
import { feedPieces } from './feedPieces.js';
import { judge } from './judge.js';
import type { Piece } from './Piece.js';
import { referenceFields } from './pieces/referenceFields.js';
import { shownPieces } from './pieces/shownPieces.js';
import type { PlanItem } from './PlanItem.js';
import { addReader, readerItem } from './readers.js';
import { sendImport } from './sendImport.js';

/** What an organization is provisioned for. */
export interface Provisioned {
  /** The queue that it fills as the source; absent: it is a target. */
  readonly queue: string | undefined;
  /** Feeds that show themselves in its incidents. */
  readonly shown?: readonly string[];
  /** E-mail messages are fed, too. */
  readonly emails?: boolean;
}

/**
 * Compares an organization with what a feed needs of it: as the source, everything that fills `queue`; as a target, the
 * reference fields. Reads only; `apply` makes what is missing.
 */
export async function planCustomization(
  client: SoarClient,
  { queue, shown = [], emails = false }: Provisioned,
  signal?: AbortSignal,
): Promise<Customization> {
  const current = await client.configurations.export(signal === undefined ? {} : { signal });
  const pieces =
    queue === undefined ? referenceFields() : [...feedPieces(queue, current, emails), ...shownPieces(shown)];
  const judged = pieces.map((piece) => ({ piece, item: itemOf(piece, current) }));
  const blocked = judged.some(({ piece, item }) => isInput(piece) && item.state === 'differs');
  const settled = judged.map((each) => (blocked ? withoutInputs(each) : each));
  const missing = settled.filter(({ item }) => item.state === 'create').map(({ piece }) => piece);
  const reader = queue === undefined ? undefined : await readerItem(client, queue, signal);
  return {
    items: [...settled.map(({ item }) => item), ...(reader === undefined ? [] : [reader])],
    configuration: importOf(missing),
    async apply(applySignal) {
      const failed = await make(client, missing, applySignal);
      if (queue !== undefined && reader?.state === 'create') await addReader(client, queue, applySignal);
      return failed;
    },
  };
}

function isInput({ kind, entry }: Piece): boolean {
  return kind === 'field' && String(entry['export_key']).startsWith('__function/');
}

function itemOf(piece: Piece, current: ConfigurationDto): PlanItem {
  const about = { kind: piece.kind, name: piece.name };
  const standing = judge(piece, current);
  if (standing === undefined) return { ...about, state: 'create' };
  const { owner, problem, entry, changed } = standing;
  const name = piece.kind === 'rule' ? String(entry['name']) : piece.name;
  if (problem !== undefined) return { ...about, name, owner, state: 'differs', detail: problem };
  return { ...about, name, owner, state: 'present', ...(changed ? { detail: 'changed by hand' } : {}) };
}

/** A function cannot be made over an input of another type, nor a playbook over a function that is not there. */
function withoutInputs({ piece, item }: { piece: Piece; item: PlanItem }): { piece: Piece; item: PlanItem } {
  if (item.state !== 'create' || (piece.kind !== 'function' && piece.kind !== 'playbook')) return { piece, item };
  return { piece, item: { ...item, state: 'differs', detail: 'cannot be made while an input has another type' } };
}

function importOf(pieces: readonly Piece[]): ConfigurationDto {
  const lists: Partial<Record<ListName, SoarObject[]>> = {};
  for (const { list, entry } of pieces) (lists[list] ??= []).push(entry);
  return configurationOf(lists);
}

/** The playbook comes by itself: its form is the least certain, and the feed works without it. */
async function make(client: SoarClient, missing: readonly Piece[], signal?: AbortSignal): Promise<readonly PlanItem[]> {
  const playbooks = missing.filter(({ kind }) => kind === 'playbook');
  const others = missing.filter(({ kind }) => kind !== 'playbook');
  if (others.length > 0) await sendImport(client, importOf(others), signal);
  try {
    if (playbooks.length > 0) await sendImport(client, importOf(playbooks), signal);
    return [];
  } catch (error) {
    if (!FeedError.is(error) || error.code !== 'import-refused') throw error;
    return playbooks.map(({ kind, name }) => ({ kind, name, state: 'differs', detail: error.message }));
  }
}
