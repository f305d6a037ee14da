/** All differences that even a perfect replica has from its source. Everything else is compared. */
export const inherentDifferences = {
  'read-only':
    'Fields the platform marks read-only: ids, creators and authors, dates the server sets, computed phase and scores.',
  'outside-schema': 'Keys of a body that no field describes (assessment, cm, perms, ...), the hipaa section excepted.',
  'reference-field': 'df_org_id, df_inc_id, df_host and df_create_date: they say where the replica came from.',
  'deprecated-field': 'instr_text of a task: the old name of instructions.',
  'missing-field': 'A field or column the target has not, or has with another input type.',
  'missing-option': 'An option unknown in the target is dropped; where the target demands a value, it has any.',
  'retired-option': 'An option retired in the target is either kept or dropped.',
  'missing-person': 'A user or group unknown in the target is dropped. One that is inactive, or an API key, may be.',
  'missing-table': 'Rows of a data table the target has not.',
  'missing-artifact-type': 'An artifact of a type the target has not is left out, or stands there under another type.',
  'automatic-task': 'A task the target made by itself and no source task claims.',
  'inactive-task': 'A task switched off together with its incident type may be left out.',
  'default-note': 'One note "Incident created from ..." on every incident of the target.',
  'empty-note': 'A deleted note that stands in for its replies: they count as if they hung one level higher.',
  'empty-value': 'No value, an empty text and an empty list are the same.',
  'html-spelling': 'Line ends, void tags and what the cleaner of the platform drops (script, event handlers).',
  'file-name-escapes':
    'Quotes and line ends in the name of an uploaded file, where a server keeps the escapes of the upload.',
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
