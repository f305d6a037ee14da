import { isIncident, writeJson } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { threadOf } from '../../fields/threads.js';
import type { NaturalKey } from '../../mapping/Intent.js';
import { isSimpleMarkup } from '../../fields/isSimpleMarkup.js';
import type { RichText, TranslatedField } from '../../fields/TranslatedField.js';
import { originOf } from '../../translate/defaultNote.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import type { BundledKind } from './BundleSupport.js';

/** A note or an artifact of the incident itself. */
export function isFirstLevel({ key: { type }, parent }: FeedEvent): boolean {
  return (type === 'note' || type === 'artifact') && (parent === undefined || isIncident(parent));
}

/** Whether objects of this kind may travel at all: first-level notes without replies, and artifacts without files. */
export function kindOf(event: FeedEvent): BundledKind | undefined {
  const { key, operation, restored } = event;
  if (operation !== 'upsert' || restored === true || !isFirstLevel(event)) return undefined;
  if (key.type === 'note') return isPlainNote(event) ? 'comments' : undefined;
  return key.type === 'artifact' && isEmpty(event.payload['attachment']) ? 'artifacts' : undefined;
}

/**
 * Whether the server is expected to make exactly one object of it that shows what was sent. `comments`: nothing is cleaned
 * out of the text, and it is not a note about an origin. `artifacts`: the value is not split.
 */
export function isKnownAgain(
  kind: BundledKind,
  fields: readonly TranslatedField[],
  catalog: Pick<TargetCatalog, 'isUnsplit'>,
): boolean {
  const valueOf = (name: string): unknown => {
    return fields.find((field) => field.name === name && field.prefix === undefined)?.value;
  };
  return kind === 'comments' ? isPlainText(valueOf('text')) : isOneValue(valueOf('type'), valueOf('value'), catalog);
}

/** Equal for objects that may not be distinguished in the target, or that a server may merge into one. */
export function mergeName(type: string, naturalKey: NaturalKey): string {
  return JSON.stringify([type, naturalKey.map(({ name, value }) => [name, writeJson(value).toLowerCase()])]);
}

function isPlainText(value: unknown): boolean {
  const { format, content = '' } = (value ?? {}) as Partial<RichText>;
  if (content.trim() === '' || originOf(content) !== undefined) return false;
  return format === 'text' || isSimpleMarkup(content);
}

/** Commas and blanks separate the values of a type that is read as a list. */
const ALONE = /^[^\s,;]+$/;

function isOneValue(type: unknown, value: unknown, catalog: Pick<TargetCatalog, 'isUnsplit'>): boolean {
  if (typeof value !== 'string' || value.trim() === '') return false;
  return ALONE.test(value) || catalog.isUnsplit(type);
}

function isPlainNote(event: FeedEvent): boolean {
  const { is_deleted: isDeleted, task_id: taskId, type } = event.payload;
  return isDeleted !== true && isEmpty(taskId) && type !== 'task' && threadOf(event).length === 0;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === 0;
}
