import type { CensusEntry } from '../dump/census.js';
import type { OrgDump } from '../dump/OrgDump.js';
import type { SavedOrg } from '../state/SavedOrg.js';
import type { Invocation } from '../rules/Invocation.js';
import type { RuleInfo } from '../rules/RuleInfo.js';
import type { ArtifactChanges, ArtifactDto, ArtifactInput } from './dto/ArtifactDto.js';
import type { AttachmentDto } from './dto/AttachmentDto.js';
import type { FileInput, Handle, RichText, UserDto } from './dto/common.js';
import type { IncidentChanges, IncidentDto, IncidentInput } from './dto/IncidentDto.js';
import type { EmailDto, EmailInput } from './dto/EmailDto.js';
import type { MilestoneDto, MilestoneInput } from './dto/MilestoneDto.js';
import type { NoteDto, ParentRef } from './dto/NoteDto.js';
import type { RowDto } from './dto/RowDto.js';
import type { TaskChanges, TaskDto, TaskInput } from './dto/TaskDto.js';

/** JSON: `writeJson` can write it to a file with all digits. */
export type OrgBackup = SavedOrg;

/** Who writes, and with which message's context token. */
export interface WriteOptions {
  /** E-mail of a user, name of an API key, or a principal id. Default: the first user of the org. */
  actor?: string | number;
  /** Keeps the rule that issued this token from firing for this write. */
  contextToken?: string;
}

/**
 * An org as an analyst works in it. Every call behaves as the same REST call would (validation, versions, rules,
 * messages), and throws `PlatformError` where REST would answer with an error. All calls are synchronous; `settled`
 * waits for the broker. Returned objects are copies.
 */
export interface SimOrg {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly labels: Labels;

  /**
   * How far the clock of this org's server is ahead of the simulator's (negative: behind), ms; affects its `Date`
   * header and every date that it writes.
   */
  clockOffsetMs: number;
  /** How many incidents it made without the notes and artifacts inside their create. */
  readonly ignoredBundles: number;

  /** Returns the objects as they are now, like a backup of the database. */
  backUp(): OrgBackup;
  /**
   * Restores a backup: versions are lower, deleted objects exist again, newer ones are gone; no message is sent. The
   * ids of objects made since are used again, unless `ids` is `continued`.
   */
  restore(backup: OrgBackup, options?: { ids?: 'given-again' | 'continued' }): void;

  incidents(): IncidentDto[];
  incidentIds(): number[];
  incident(incidentId: number): IncidentDto;
  createIncident(input: IncidentInput, write?: WriteOptions): IncidentDto;
  /** Changes only the named fields, at any version. */
  updateIncident(incidentId: number, changes: IncidentChanges, write?: WriteOptions): IncidentDto;
  closeIncident(
    incidentId: number,
    close?: { resolution?: Handle; summary?: RichText },
    write?: WriteOptions,
  ): IncidentDto;
  reopenIncident(incidentId: number, write?: WriteOptions): IncidentDto;
  deleteIncident(incidentId: number, write?: WriteOptions): void;

  tasks(incidentId: number): TaskDto[];
  task(taskId: number): TaskDto;
  createTask(incidentId: number, input: TaskInput, write?: WriteOptions): TaskDto;
  updateTask(taskId: number, changes: TaskChanges, write?: WriteOptions): TaskDto;
  deleteTask(taskId: number, write?: WriteOptions): void;

  /** Top-level notes with their replies nested in `children`. */
  notes(parent: ParentRef): NoteDto[];
  note(noteId: number): NoteDto;
  addNote(parent: ParentRef, text: RichText, write?: WriteOptions): NoteDto;
  reply(noteId: number, text: RichText, write?: WriteOptions): NoteDto;
  editNote(noteId: number, text: RichText, write?: WriteOptions): NoteDto;
  deleteNote(noteId: number, write?: WriteOptions): void;

  artifacts(incidentId: number): ArtifactDto[];
  artifact(artifactId: number): ArtifactDto;
  /** One value may become several artifacts, or no new one (see the switches `csvArtifact` and `duplicateArtifact`). */
  addArtifact(incidentId: number, input: ArtifactInput, write?: WriteOptions): ArtifactDto[];
  addFileArtifact(incidentId: number, input: ArtifactInput, file: FileInput, write?: WriteOptions): ArtifactDto;
  updateArtifact(artifactId: number, changes: ArtifactChanges, write?: WriteOptions): ArtifactDto;
  deleteArtifact(artifactId: number, write?: WriteOptions): void;

  /** The attachments of the parent itself; an incident's do not include those of its tasks. */
  attachments(parent: ParentRef): AttachmentDto[];
  attachment(attachmentId: number): AttachmentDto;
  addAttachment(parent: ParentRef, file: FileInput & { description?: string }, write?: WriteOptions): AttachmentDto;
  deleteAttachment(attachmentId: number, write?: WriteOptions): void;
  /** Bytes of an attachment or of a file artifact's attachment. */
  content(attachmentId: number): Buffer;

  /** E-mail messages, type 13. */
  emails(incidentId: number): EmailDto[];
  receiveEmail(incidentId: number, input: EmailInput, write?: WriteOptions): EmailDto;
  deleteEmail(emailId: number, write?: WriteOptions): void;
  milestones(incidentId: number): MilestoneDto[];
  milestone(milestoneId: number): MilestoneDto;
  addMilestone(incidentId: number, input: MilestoneInput, write?: WriteOptions): MilestoneDto;
  updateMilestone(milestoneId: number, changes: Partial<MilestoneInput>, write?: WriteOptions): MilestoneDto;
  deleteMilestone(milestoneId: number, write?: WriteOptions): void;

  /** API names of the org's data tables. */
  tables(): string[];
  rows(incidentId: number, table?: string): RowDto[];
  row(rowId: number): RowDto;
  /** Cells by column API name; select values as id or label. */
  addRow(incidentId: number, table: string, cells: Record<string, unknown>, write?: WriteOptions): RowDto;
  updateRow(rowId: number, cells: Record<string, unknown>, write?: WriteOptions): RowDto;
  deleteRow(rowId: number, write?: WriteOptions): void;

  users(): UserDto[];
  groups(): { id: number; name: string }[];
  workspaces(): { id: number; label: string }[];

  /** Gives an API key (by its id) or a user (by e-mail) another secret; standing connections to the broker go on. */
  changeSecret(login: string, secret: string): void;

  rules(): RuleInfo[];
  /** Switches the automatic rule of one object type (`incident`, `task`, ..., a table's API name), or all rules. */
  setRules(enabled: boolean, objectType?: string): void;
  /** Sends the message of a menu (manual) rule to a queue. The invocation follows the replies. */
  invokeMenuRule(
    ruleName: string,
    incidentId: number,
    properties?: Record<string, unknown>,
    write?: WriteOptions,
  ): Invocation;
  /** Calls a function on an incident, as a workflow would. */
  invokeFunction(functionName: string, inputs: Record<string, unknown>, write?: WriteOptions): Invocation;
  invocations(): readonly Invocation[];

  /** Ends every e-mail session of the platform now: the next request of each answers 401. */
  expireSessions(): void;
  /** Resolves when the broker has taken every message queued so far, and delayed automatic tasks exist. */
  settled(): Promise<void>;
  /** Calls `listener` after every write, with the incidents in which it created or edited something. */
  onChange(listener: (incidentIds: readonly number[]) => void): void;
  /** Every object that has a name or text of its own. */
  census(): readonly CensusEntry[];
  schema(): OrgDump['schema'];
  dump(): OrgDump;
}

/** Labels and ids of select values. `type` is `incident`, `task`, ... or a table's API name. */
export interface Labels {
  /** Id of an option by its label; people by e-mail or name. Throws if there is no such option. */
  id(type: string, field: string, label: string): number | string;
  /** Label of an option, or undefined. */
  label(type: string, field: string, id: number | string): string | undefined;
  /** Labels of the options that can be chosen. */
  all(type: string, field: string): string[];
  field(type: string, field: string): { id: number; label: string; inputType: string } | undefined;
}
