/** All differences that even a perfect replica has from its source. Everything else is compared. */
export const inherentDifferences = {
  'read-only':
    'Fields that the platform marks read-only: ids, creators and authors, dates that the server sets, computed phase and scores.',
  'outside-schema': 'Keys of a body that no field describes (assessment, cm, perms, ...), the hipaa section excepted.',
  'reference-field': 'df_org_id, df_inc_id, df_host and df_create_date: they say where the replica came from.',
  'deprecated-field': 'instr_text of a task: the old name of instructions.',
  'missing-field': 'A field or column that the target lacks, or has with another input type.',
  'missing-option': 'An option that the target lacks is dropped; if the target requires a value, it may have any.',
  'retired-option': 'An option retired in the target is either kept or dropped.',
  'missing-person':
    'A user or group that the target lacks is dropped. One that is inactive, or an API key, may be dropped.',
  'missing-table': 'Rows of a data table that the target lacks.',
  'missing-artifact-type': 'An artifact of a type that the target lacks is omitted, or has another type there.',
  'automatic-task': 'A task that the target made by itself, and that no source task claims.',
  'inactive-task': 'A task that was switched off together with its incident type may be omitted.',
  'default-note': 'One note "Incident created from ..." on every incident of the target.',
  'empty-note': 'A deleted note that is kept for its replies: they count as if they were one level higher.',
  'empty-value': 'No value, an empty text and an empty list are the same.',
  'html-spelling': 'Line ends, void tags and what the sanitiser of the platform drops (script, event handlers).',
  'file-name-escapes':
    'Quotes and line ends in the name of an uploaded file, if a server keeps the escapes of the upload.',
  'other-source': 'Incidents of the target whose references name another source organization.',
} as const satisfies Record<string, string>;

export type InherentDifference = keyof typeof inherentDifferences;

/** Custom incident fields of IBM's feed package. */
export const referenceFields: ReadonlySet<string> = new Set(['df_org_id', 'df_inc_id', 'df_host', 'df_create_date']);

export const deprecatedFields: ReadonlySet<string> = new Set(['task.instr_text']);

/** Fields that the server fills by itself when it gets no value. */
export const serverFilled: ReadonlySet<string> = new Set([
  'incident.workspace',
  'incident.exposure_type_id',
  'incident.crimestatus_id',
  'incident.pii.harmstatus_id',
  'task.phase_id',
]);

export function isDefaultNote(text: string): boolean {
  return /^\s*(<[^>]*>\s*)*Incident created from\b/.test(text);
}
