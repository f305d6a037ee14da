import { flatten, ownValue, stampOf } from '@soar-feed/core';
import type { FeedEvent, FieldSchema } from '@soar-feed/core';
import { contentOf } from './contentOf.js';
import type { ElasticFeedSection } from './config.js';

export type Document = Readonly<Record<string, unknown>>;

/** What the feed notes in every document, under `soar_feed`. */
export interface Ours {
  readonly org_id: number;
  /** ms, source clock. */
  readonly observed_at: number;
  readonly stamp_kind: string;
  readonly stamp: number;
  readonly deleted?: true;
}

type Options = Pick<ElasticFeedSection, 'content' | 'max_content' | 'multiselect'> & { readonly orgName?: string };

/** IBM's flat object with `id` and `inc_id`, the bytes of a file as base64, and our own note. */
export async function documentOf(event: FeedEvent, options: Options, signal: AbortSignal): Promise<Document> {
  const { orgName, content, max_content: maxContent, multiselect } = options;
  const row = Object.entries(flatten(event, orgName === undefined ? {} : { orgName }));
  const lists = multiselect === 'array' ? listsOf(event) : new Map<string, unknown>();
  const bytes = content === 'none' || event.content === undefined ? undefined : event.content;
  return Object.fromEntries([
    ...row.map(([name, value]): [string, unknown] => [name, wellFormed(lists.get(name) ?? value)]),
    ...(bytes === undefined ? [] : [['content', await contentOf(bytes, maxContent, signal)]]),
    ['soar_feed', oursOf(event)],
  ]) as Document;
}

export function oursOf(event: FeedEvent): Ours {
  const { kind, value } = stampOf(event);
  return { org_id: event.key.orgId, observed_at: event.observedAtMs, stamp_kind: kind, stamp: value };
}

function listsOf({ schema, payload }: FeedEvent): Map<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const field of schema.fields.values()) {
    if (field.inputType !== 'multiselect' && field.inputType !== 'multiselect_members') continue;
    const value = valueOf(payload, field);
    if (Array.isArray(value))
      lists.set(
        field.name,
        value.map((item) => labelOf(field, item)),
      );
  }
  return lists;
}

function valueOf(payload: FeedEvent['payload'], field: FieldSchema): unknown {
  const { cells } = payload as { readonly cells?: unknown };
  if (cells !== undefined) return ownValue(ownValue(cells, String(field.id)) ?? ownValue(cells, field.name), 'value');
  return ownValue(field.prefix === undefined ? payload : ownValue(payload, field.prefix), field.name);
}

function labelOf(field: FieldSchema, item: unknown): string {
  const id = ownValue(item, 'id') ?? item;
  const name = ownValue(item, 'name');
  return field.options.get(String(id))?.label ?? (typeof name === 'string' ? name : String(id));
}

/** Half of a surrogate pair is no text that UTF-8 can carry. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd');
  return Array.isArray(value) ? value.map(wellFormed) : value;
}
