/**
 * Top-level names that no client sets, whatever a schema says: identity, history and what the server computes. IBM's
 * resilientfeed removes the first line at any depth; we remove them only at the top level, so that a custom field may
 * have such a name.
 */
const NEVER_WRITTEN = new Set([
  ...['id', 'org', 'org_name', 'workspace', 'inc_owner_id', 'reng_version', 'at_id', 'creator_principal', 'creator'],
  ...['org_id', 'org_handle', 'creator_id', 'create_date', 'created', 'vers', 'version', 'uuid', 'sequence_code'],
  ...[
    'inc_id',
    'inc_name',
    'inc_owner',
    'inc_last_modified_date',
    'last_modified_time',
    'last_modified_by',
    'end_date',
  ],
  ...['perms', 'comment_perms', 'actions', 'playbooks', 'tasks', 'artifacts', 'comments', 'notes', 'task_changes'],
  ...[
    'parent_id',
    'task_id',
    'user_id',
    'modify_date',
    'modify_principal',
    'mentioned_users',
    'children',
    'is_deleted',
  ],
  ...['active', 'custom', 'cat_name', 'init_date', 'closed_date', 'notes_count', 'attachments_count', 'hits'],
]);

export function isNeverWritten(name: string): boolean {
  return NEVER_WRITTEN.has(name);
}
