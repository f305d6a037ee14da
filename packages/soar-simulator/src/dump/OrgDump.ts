/** Everything in an org as plain JSON: enough to compare two orgs without REST. The order is deterministic: by id. */
export interface OrgDump {
  org: { id: number; name: string };
  schema: DumpSchema;
  incidents: DumpIncident[];
}

export interface DumpSchema {
  /** By type name: incident, task, note, milestone, artifact, attachment and each data table's API name. */
  types: Record<string, DumpType>;
  users: { id: number; email: string; displayName: string; status: string }[];
  groups: { id: number; name: string; members: string[] }[];
  apiKeys: { id: number; name: string }[];
  workspaces: { id: number; label: string }[];
  phases: { id: number; label: string }[];
  incidentTypes: { id: number; label: string; enabled: boolean }[];
  artifactTypes: { id: number; label: string; programmaticName: string; file: boolean; custom: boolean }[];
}

export interface DumpType {
  id: number;
  name: string;
  label: string;
  table: boolean;
  fields: Record<string, DumpField>;
}

export interface DumpField {
  id: number;
  label: string;
  inputType: string;
  /** null, or the section of the incident that contains it: properties, pii, gdpr, ... */
  prefix: string | null;
  required?: 'always' | 'close';
  readOnly: boolean;
  richText: boolean;
  custom: boolean;
  options: { id: number | string; label: string; enabled: boolean }[];
}

/**
 * An object in two forms: `ids` as a GET shows it; `labels` with labels for selects, and for people the e-mail address
 * (users) or the name (groups, API keys). A label is null if its id is unknown. Both omit nested children.
 */
export interface DumpObject {
  id: number;
  ids: Record<string, unknown>;
  labels: Record<string, unknown>;
}

export interface DumpFile {
  name: string;
  contentType: string;
  size: number;
  sha256: string;
}

export interface DumpIncident extends DumpObject {
  tasks: DumpTask[];
  /** Top level; replies are in `children`. */
  notes: DumpNote[];
  artifacts: DumpArtifact[];
  attachments: DumpAttachment[];
  milestones: DumpObject[];
  rows: DumpRow[];
}

export interface DumpTask extends DumpObject {
  notes: DumpNote[];
  attachments: DumpAttachment[];
}

export interface DumpNote extends DumpObject {
  children: DumpNote[];
}

export interface DumpArtifact extends DumpObject {
  file: DumpFile | null;
}

export interface DumpAttachment extends DumpObject {
  file: DumpFile;
}

/** `ids.cells` and `labels.cells` are keyed by the column's API name; an empty cell is null. */
export interface DumpRow extends DumpObject {
  table: string;
}
