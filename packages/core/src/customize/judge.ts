import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationDto } from '@soar-feed/soar-client';
import type { SoarObject } from '../contract/FeedEvent.js';
import { entriesOf, keyOf } from './entries.js';
import { ownerOf } from './owner.js';
import type { Owner } from './owner.js';
import type { Piece } from './Piece.js';

/** A piece as an organization has it. */
export interface Standing {
  readonly entry: SoarObject;
  readonly owner: Owner;
  /** Ours, and a person has changed it since. */
  readonly changed: boolean;
  /** Why it does not do what the feed needs. */
  readonly problem?: string;
}

/** `undefined`: the organization has nothing of the kind, so it can be made. */
export function judge(piece: Piece, configuration: ConfigurationDto): Standing | undefined {
  const entry = counterpartOf(piece, configuration);
  if (entry === undefined) return undefined;
  const owner = ownerOf(entry, piece.entry['uuid']);
  const changed =
    owner === 'soar-feed' && (isEdited(entry) || piece.decisive.some((key) => differs(piece, entry, key)));
  const problem = problemOf(piece, entry);
  return { entry, owner, changed, ...(problem === undefined ? {} : { problem }) };
}

/** Ours by its uuid; else what does the same; else what has taken the name. */
function counterpartOf(piece: Piece, configuration: ConfigurationDto): SoarObject | undefined {
  const entries = entriesOf(configuration, piece.list);
  const ours = entries.find(({ uuid }) => uuid === piece.entry['uuid']);
  if (piece.kind !== 'rule') return ours ?? entries.find((entry) => keyOf(entry) === keyOf(piece.entry));
  const same = entries.find((entry) => isSameRule(piece.entry, entry) && problemOf(piece, entry) === undefined);
  return ours ?? same ?? entries.find(({ name }) => name === piece.name);
}

function isSameRule(wanted: SoarObject, entry: SoarObject): boolean {
  return entry['object_type'] === wanted['object_type'] && differsNot(wanted, entry, 'message_destinations');
}

/** An empty list and no value are the same. */
function differs({ entry: wanted }: Piece, entry: SoarObject, key: string): boolean {
  return !differsNot(wanted, entry, key);
}

function differsNot(wanted: SoarObject, entry: SoarObject, key: string): boolean {
  return isDeepStrictEqual(plain(wanted[key]), plain(entry[key]));
}

function plain(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? null : (value ?? null);
}

/** The editor counts up; an import keeps what it is given. */
function isEdited(entry: SoarObject): boolean {
  const content = entry['content'] as SoarObject | null | undefined;
  return typeof content?.['content_version'] === 'number' && content['content_version'] > 1;
}

function problemOf({ kind, entry: wanted }: Piece, entry: SoarObject): string | undefined {
  switch (kind) {
    case 'rule':
      if (entry['type'] !== 0) return 'is a menu rule, not an automatic one';
      if (entry['object_type'] !== wanted['object_type']) return `watches ${JSON.stringify(entry['object_type'])}`;
      if (!differsNot(wanted, entry, 'message_destinations'))
        return `sends to ${JSON.stringify(entry['message_destinations'] ?? [])}`;
      if (entry['enabled'] === false) return 'is disabled';
      return plain(entry['conditions']) === null ? undefined : 'has conditions: only what meets them is fed';
    case 'destination':
      if (entry['destination_type'] === 1) return 'is a topic: changes are lost while nobody listens';
      return entry['expect_ack'] === false ? 'expects no acknowledgement: changes are lost at a crash' : undefined;
    case 'function':
      return entry['destination_handle'] === wanted['destination_handle']
        ? undefined
        : `sends to ${JSON.stringify(entry['destination_handle'])}`;
    case 'field':
      return entry['input_type'] === wanted['input_type']
        ? undefined
        : `is of type ${String(entry['input_type'])}, not ${String(wanted['input_type'])}`;
    case 'playbook':
      return entry['status'] === 'enabled' ? undefined : `is ${String(entry['status'])}`;
  }
}
