import type { SoarObject } from './SoarObject.js';

/** Names of types as search_ex knows them: every data table is a `datatable`. */
export type SearchType = 'task' | 'note' | 'milestone' | 'artifact' | 'attachment' | 'datatable' | '__emailmessage';

export interface SearchResult extends SoarObject {
  /** The type's name, `datatable` for a row of any table. */
  readonly type_id: string;
  readonly org_id?: number;
  readonly obj_id?: number;
  /** For a row: the table's display name. */
  readonly obj_name?: string | null;
  readonly inc_id?: number;
  /** The object, its handles as `{id, name}` and rich text as `{format, content}`: unlike GET and queue messages. */
  readonly result: SoarObject & { readonly id?: number };
}
