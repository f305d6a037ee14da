/**
 * The switches for everything that public sources leave open. Each lists its possible values; `likeliest` holds the
 * defaults. A switch can be changed while the simulator runs; the change takes effect with the next request.
 */
export interface Behaviour {
  /** `PATCH /tasks/{id}`: IBM's own task utilities use it; a server without it answers 405. */
  taskPatch: 'allowed' | 'refused';
  /** `GET /incidents/{id}/milestones/{mid}`: IBM's plugin says that a milestone cannot be fetched by id. */
  milestoneById: 'found' | 'missing';
  /** A row written with a stale `version`. */
  staleRowVersion: 'refused' | 'ignored';
  /** Cells that a PUT of a row omits. */
  cellsNotSent: 'kept' | 'cleared';
  /** Keys of the map in the answer to `GET /incidents/{id}/table_data`. */
  tableDataKeys: 'id' | 'name';
  /** The same type and value again, for an artifact type with `allow_duplicate:false`. */
  duplicateArtifact: 'merged' | 'refused' | 'allowed';
  /** Values with commas, for an artifact type with `parse_as_csv`. */
  csvArtifact: 'split' | 'whole';
  /** How a custom artifact type may be named on write. */
  customArtifactTypeBy: 'programmatic-name' | 'anything';
  /** Choosing an option that is retired (`enabled:false`). Objects that already have it keep it either way. */
  retiredOption: 'accepted' | 'refused';
  /** Fields that a full PUT of an incident or a task omits. */
  fieldsNotSent: 'kept' | 'cleared';
  /** DELETE of a note that has replies. */
  deletedThread: 'blanked' | 'removed';
  /** `operation_type` of the message about a blanked note. */
  blankedNoteMessage: 'modified' | 'deleted';
  /**
   * Whether rich text is cleaned on write (script elements and event handlers removed, line ends and void tags
   * normalised).
   */
  sanitiseRichText: boolean;
  /** When the tasks of an incident type appear after the incident's POST. */
  autoTasks: 'at-once' | 'later';
  /** Delay for `autoTasks: 'later'`. */
  autoTaskDelayMs: number;
  /** `POST /incidents?want_tasks=true`: whether the answer has the tasks that the platform made at once. */
  wantedTasks: 'answered' | 'ignored';
  /**
   * What `POST /incidents` does with the `comments` and `artifacts` in its body; `merged`: of several artifacts of one type
   * it makes one; `late`: it makes them all, 300 ms after the incident.
   */
  bundledObjects: 'taken' | 'ignored' | 'refused' | 'notes-only' | 'artifacts-only' | 'merged' | 'late';
  /** Whether the answer to such a `POST /incidents` shows the notes and artifacts that it made; `without-ids`: all but those. */
  bundledAnswer: 'shown' | 'omitted' | 'without-ids';
  /** Order of the messages of one transaction that created an incident and its tasks. */
  autoTaskMessages: 'after-incident' | 'before-incident';
  /** Messages for the children of a deleted incident or task. IBM documents that the platform sends none. */
  childDeleteMessages: boolean;
  /**
   * `query_paged` with a greater `length` answers 400; `/const` reports this number. A v47 server reported 100; IBM's
   * feed asks for 500, other clients for 1000.
   */
  maxPageSize: number;
  /** How long a change stays invisible to `search_ex`. */
  searchLagMs: number;
  /**
   * Selects and people in `search_ex`: `mixed` returns single values as `{id,name}` (people as
   * `{display_name,id,name,type}`) and lists as bare ids, as far as IBM's own code shows.
   */
  searchHandles: 'mixed' | 'objects' | 'ids';
  /** Members in `search_ex`: a list, or `{"values":{id:...}}`, which IBM's newer plugin can also read. */
  searchMembers: 'list' | 'values';
  /** `search_ex` silently cuts its results after this many. */
  searchResultCap: number;
  /**
   * E-mail messages in `search_ex`. No public source shows a reading of them; IBM's feed only names the type among those
   * that it searches.
   */
  emailSearch: 'found' | 'missing' | 'refused';
  /** How a custom field is addressed in a PATCH. */
  patchCustomFieldAs: 'either' | 'bare' | 'prefixed';
  /** Whether a child's message carries the incident's `type_info` as well as its own. */
  incidentTypeInfo: 'all-messages' | 'incident-messages';
  /** `operation_type` of a menu rule's message. */
  menuRuleOperation: 'missing' | 'null' | 'modified';
  /** What the package's menu rule does: its workflow calls the function (as IBM ships it), or its message goes to the queue. */
  menuRuleStarts: 'function' | 'message';
  /** A select sent as `{"name":null}` (IBM's newer plugin sends this for an owner that the target does not know). */
  nullName: 'empty' | 'refused';
  /** A task sent with `members: []` and without `private`. */
  emptyMembers: 'public' | 'private';
  /** Answer to the upload of a file artifact. */
  fileArtifactAnswer: 'object' | 'list';
  /** Whether writes made with an API key and no context token fire rules. */
  apiKeyWritesFireRules: boolean;
  /** Answer to a successful DELETE. */
  deleteAnswer: 'success-body' | 'no-content';
  /** Half characters (lone surrogates) in a message: as JSON escapes, or raw, as three bytes each. */
  loneSurrogates: 'escaped' | 'raw';
  /** Whether a message contains the keys that do not apply, as null. */
  messageNulls: 'present' | 'omitted';
  /** Whether a change to a child (note, artifact, ...) sets the incident's `inc_last_modified_date`. */
  childrenTouchIncident: boolean;
  /** Whether a write by an analyst that changes nothing still raises the version and sends a message. */
  unchangedWriteFires: boolean;
  maxAttachmentMb: number;
  maxArtifactMb: number;
  maxArtifacts: number;
  /** Status for a file above the limit. */
  tooLargeStatus: 400 | 413;
  /**
   * The escapes that browsers and IBM's client put into the name of an uploaded file (`%22` for a quote, `%0D`, `%0A`).
   */
  uploadNameEscapes: 'undone' | 'kept';
  /**
   * What becomes of an imported configuration: it waits for a confirmation (IBM's client expects that), is applied at
   * once, is refused with 400, or fails after it was confirmed.
   */
  imports: 'pending' | 'at-once' | 'refused' | 'failed';
  /** DELETE of rules, functions, playbooks, destinations and fields (no public source shows it). */
  customizationDeletes: 'allowed' | 'refused';
}

export const likeliest: Readonly<Behaviour> = {
  taskPatch: 'allowed',
  milestoneById: 'missing',
  staleRowVersion: 'refused',
  cellsNotSent: 'kept',
  tableDataKeys: 'id',
  duplicateArtifact: 'merged',
  csvArtifact: 'split',
  customArtifactTypeBy: 'programmatic-name',
  retiredOption: 'accepted',
  fieldsNotSent: 'cleared',
  deletedThread: 'blanked',
  blankedNoteMessage: 'modified',
  sanitiseRichText: true,
  autoTasks: 'at-once',
  autoTaskDelayMs: 300,
  wantedTasks: 'answered',
  bundledObjects: 'taken',
  bundledAnswer: 'shown',
  autoTaskMessages: 'before-incident',
  childDeleteMessages: false,
  maxPageSize: 1000,
  searchLagMs: 0,
  searchHandles: 'mixed',
  searchMembers: 'list',
  searchResultCap: 10_000,
  emailSearch: 'found',
  patchCustomFieldAs: 'either',
  incidentTypeInfo: 'all-messages',
  menuRuleOperation: 'null',
  menuRuleStarts: 'function',
  nullName: 'empty',
  emptyMembers: 'public',
  fileArtifactAnswer: 'object',
  apiKeyWritesFireRules: true,
  deleteAnswer: 'success-body',
  loneSurrogates: 'escaped',
  messageNulls: 'present',
  childrenTouchIncident: true,
  unchangedWriteFires: true,
  maxAttachmentMb: 25,
  maxArtifactMb: 25,
  maxArtifacts: 500,
  tooLargeStatus: 413,
  uploadNameEscapes: 'undone',
  imports: 'pending',
  customizationDeletes: 'allowed',
};
