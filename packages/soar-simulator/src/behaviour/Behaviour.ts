/**
 * The switches for everything the public facts leave open. Each names both possibilities; `likeliest` is the default.
 * A switch may be changed while the simulator runs and takes effect with the next request.
 */
export interface Behaviour {
  /** `PATCH /tasks/{id}`: IBM's own task utilities use it; 405 where a server has none. */
  taskPatch: 'allowed' | 'refused';
  /** `GET /incidents/{id}/milestones/{mid}`: IBM's plugin says it cannot be fetched by id. */
  milestoneById: 'found' | 'missing';
  /** A row written with a stale `version`. */
  staleRowVersion: 'refused' | 'ignored';
  /** Cells that a row PUT leaves out. */
  cellsNotSent: 'kept' | 'cleared';
  /** Keys of the map that `GET /incidents/{id}/table_data` answers. */
  tableDataKeys: 'id' | 'name';
  /** Equal type and value again, for an artifact type with `allow_duplicate:false`. */
  duplicateArtifact: 'merged' | 'refused' | 'allowed';
  /** Values with commas, for an artifact type with `parse_as_csv`. */
  csvArtifact: 'split' | 'whole';
  /** How a custom artifact type may be named on write. */
  customArtifactTypeBy: 'programmatic-name' | 'anything';
  /** Choosing an option that is retired (`enabled:false`). Objects that have it keep it either way. */
  retiredOption: 'accepted' | 'refused';
  /** Fields that a full PUT of an incident or a task leaves out. */
  fieldsNotSent: 'kept' | 'cleared';
  /** DELETE of a note that has replies. */
  deletedThread: 'blanked' | 'removed';
  /** `operation_type` of the message about a note that was blanked. */
  blankedNoteMessage: 'modified' | 'deleted';
  /** Rich text is cleaned on write (script elements and event handlers dropped, line ends and void tags normalised). */
  sanitiseRichText: boolean;
  /** When the tasks of an incident type appear after the incident's POST. */
  autoTasks: 'at-once' | 'later';
  /** Delay for `autoTasks: 'later'`. */
  autoTaskDelayMs: number;
  /** Order of the messages of one transaction that made an incident and its tasks. */
  autoTaskMessages: 'after-incident' | 'before-incident';
  /** Messages for the children of a deleted incident or task. IBM documents that there are none. */
  childDeleteMessages: boolean;
  /** `query_paged` with a greater `length` answers 400; const says this number. A v47 server said 100, IBM's feed asks for 500, others for 1000. */
  maxPageSize: number;
  /** How long a change stays invisible to `search_ex`. */
  searchLagMs: number;
  /**
   * Selects and people in `search_ex`: `mixed` gives single values as `{id,name}` (people as
   * `{display_name,id,name,type}`) and lists as bare ids, as far as IBM's own code shows.
   */
  searchHandles: 'mixed' | 'objects' | 'ids';
  /** Members in `search_ex`: a list, or `{"values":{id:...}}`, which IBM's newer plugin also reads. */
  searchMembers: 'list' | 'values';
  /** `search_ex` cuts its results here, silently. */
  searchResultCap: number;
  /** How a custom field is addressed in a PATCH. */
  patchCustomFieldAs: 'either' | 'bare' | 'prefixed';
  /** Whether a child's message carries the incident's type_info besides its own. */
  incidentTypeInfo: 'all-messages' | 'incident-messages';
  /** `operation_type` of a menu rule's message. */
  menuRuleOperation: 'missing' | 'null' | 'modified';
  /** What the package's menu rule does: its workflow calls the function (as IBM ships it), or its message goes to the queue. */
  menuRuleStarts: 'function' | 'message';
  /** A select sent as `{"name":null}` (IBM's newer plugin does so for an owner the target does not know). */
  nullName: 'empty' | 'refused';
  /** A task sent with `members: []` and no word about `private`. */
  emptyMembers: 'public' | 'private';
  /** Answer to the upload of a file artifact. */
  fileArtifactAnswer: 'object' | 'list';
  /** Whether writes made with an API key and no context token fire rules. */
  apiKeyWritesFireRules: boolean;
  /** Answer to a successful DELETE. */
  deleteAnswer: 'success-body' | 'no-content';
  /** Half characters (lone surrogates) in a message: as JSON escapes, or raw, three bytes each. */
  loneSurrogates: 'escaped' | 'raw';
  /** Whether keys that do not apply stand in a message as null. */
  messageNulls: 'present' | 'omitted';
  /** Whether a change of a child (note, artifact, ...) sets the incident's `inc_last_modified_date`. */
  childrenTouchIncident: boolean;
  /** Whether an analyst's write that changes nothing still raises the version and sends a message. */
  unchangedWriteFires: boolean;
  maxAttachmentMb: number;
  maxArtifactMb: number;
  maxArtifacts: number;
  /** Status for a file above the limit. */
  tooLargeStatus: 400 | 413;
  /** The escapes that browsers and IBM's client put into an uploaded file's name (`%22` for a quote, `%0D`, `%0A`). */
  uploadNameEscapes: 'undone' | 'kept';
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
  autoTaskMessages: 'before-incident',
  childDeleteMessages: false,
  maxPageSize: 1000,
  searchLagMs: 0,
  searchHandles: 'mixed',
  searchMembers: 'list',
  searchResultCap: 10_000,
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
};
