import { census } from '../dump/census.js';
import type { CensusEntry } from '../dump/census.js';
import { dumpOrg } from '../dump/dumpOrg.js';
import { dumpSchema } from '../dump/dumpSchema.js';
import type { OrgDump } from '../dump/OrgDump.js';
import type { Invocation } from '../rules/Invocation.js';
import type { RuleInfo } from '../rules/RuleInfo.js';
import type { ArtifactChanges, ArtifactDto, ArtifactInput } from './dto/ArtifactDto.js';
import type { AttachmentDto } from './dto/AttachmentDto.js';
import type { EmailDto, EmailInput } from './dto/EmailDto.js';
import type { FileInput, Handle, RichText, UserDto } from './dto/common.js';
import type { IncidentChanges, IncidentDto, IncidentInput } from './dto/IncidentDto.js';
import type { MilestoneDto, MilestoneInput } from './dto/MilestoneDto.js';
import type { NoteDto, ParentRef } from './dto/NoteDto.js';
import type { RowDto } from './dto/RowDto.js';
import type { TaskChanges, TaskDto, TaskInput } from './dto/TaskDto.js';
import type { WriteContext } from './Journal.js';
import { labelsOf } from './labelsOf.js';
import { resolveParent } from './objects/Notes.js';
import { asCells } from './objects/Rows.js';
import {
  artifactView,
  attachmentView,
  emailView,
  milestoneView,
  noteView,
  noteViews,
  rowView,
  taskView,
  views,
} from './objects/views.js';
import type { Org } from './Org.js';
import { found } from './OrgState.js';
import type { Labels, OrgBackup, SimOrg, WriteOptions } from './SimOrg.js';
import { StoredFile } from './StoredFile.js';
import { writeContext } from './writeContext.js';

/** The analyst's door to an org: calls the same model as the REST routes, directly. */
export class AnalystDoor implements SimOrg {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly labels: Labels;

  constructor(
    private readonly org: Org,
    private readonly onExpireSessions: () => void,
  ) {
    this.id = org.id;
    this.name = org.name;
    this.uuid = org.uuid;
    this.labels = labelsOf(org.state);
  }

  get clockOffsetMs(): number {
    return this.org.state.clockOffsetMs;
  }

  get ignoredBundles(): number {
    return this.org.state.ignoredBundles;
  }

  set clockOffsetMs(offsetMs: number) {
    this.org.state.clockOffsetMs = offsetMs;
  }

  backUp(): OrgBackup {
    return this.org.backUp();
  }

  restore(backup: OrgBackup, options?: { ids?: 'given-again' | 'continued' }): void {
    this.org.restore(backup, options);
  }

  incidents(): IncidentDto[] {
    return Array.from(this.org.state.incidents.values(), ({ dto }) => structuredClone(dto));
  }

  incidentIds(): number[] {
    return [...this.org.state.incidents.keys()];
  }

  incident(incidentId: number): IncidentDto {
    return structuredClone(this.org.state.incident(incidentId).dto);
  }

  createIncident(input: IncidentInput, write?: WriteOptions): IncidentDto {
    return structuredClone(this.org.incidents.create(input, this.as(write)).dto);
  }

  updateIncident(incidentId: number, changes: IncidentChanges, write?: WriteOptions): IncidentDto {
    return structuredClone(this.org.incidents.update(incidentId, changes, this.as(write)).dto);
  }

  closeIncident(
    incidentId: number,
    close: { resolution?: Handle; summary?: RichText } = {},
    write?: WriteOptions,
  ): IncidentDto {
    const { resolution = 'Resolved', summary = 'Closed.' } = close;
    const changes = { plan_status: 'C', resolution_id: resolution, resolution_summary: summary } as const;
    return this.updateIncident(incidentId, changes, write);
  }

  reopenIncident(incidentId: number, write?: WriteOptions): IncidentDto {
    return this.updateIncident(incidentId, { plan_status: 'A' }, write);
  }

  deleteIncident(incidentId: number, write?: WriteOptions): void {
    this.org.incidents.remove(incidentId, this.as(write));
  }

  tasks(incidentId: number): TaskDto[] {
    return views(this.org.state.incident(incidentId).tasks, taskView);
  }

  task(taskId: number): TaskDto {
    return structuredClone(taskView(this.org.state.task(taskId)));
  }

  createTask(incidentId: number, input: TaskInput, write?: WriteOptions): TaskDto {
    return structuredClone(taskView(this.org.tasks.create(incidentId, input, this.as(write))));
  }

  updateTask(taskId: number, changes: TaskChanges, write?: WriteOptions): TaskDto {
    return structuredClone(taskView(this.org.tasks.update(taskId, changes, this.as(write))));
  }

  deleteTask(taskId: number, write?: WriteOptions): void {
    this.org.tasks.remove(taskId, this.as(write));
  }

  notes(parent: ParentRef): NoteDto[] {
    const { incident, task } = resolveParent(this.org.state, parent);
    return structuredClone(noteViews((task ?? incident).notes));
  }

  note(noteId: number): NoteDto {
    return structuredClone(noteView(found(this.org.state.notes, noteId)));
  }

  addNote(parent: ParentRef, text: RichText, write?: WriteOptions): NoteDto {
    return structuredClone(noteView(this.org.notes.create(parent, text, null, this.as(write))));
  }

  reply(noteId: number, text: RichText, write?: WriteOptions): NoteDto {
    const { incident, task } = found(this.org.state.notes, noteId);
    const parent = task ? { taskId: task.dto.id } : { incidentId: incident.dto.id };
    return structuredClone(noteView(this.org.notes.create(parent, text, noteId, this.as(write))));
  }

  editNote(noteId: number, text: RichText, write?: WriteOptions): NoteDto {
    return structuredClone(noteView(this.org.notes.update(noteId, text, this.as(write))));
  }

  deleteNote(noteId: number, write?: WriteOptions): void {
    this.org.notes.remove(noteId, this.as(write));
  }

  artifacts(incidentId: number): ArtifactDto[] {
    return views(this.org.state.incident(incidentId).artifacts, artifactView);
  }

  artifact(artifactId: number): ArtifactDto {
    return structuredClone(artifactView(found(this.org.state.artifacts, artifactId)));
  }

  addArtifact(incidentId: number, input: ArtifactInput, write?: WriteOptions): ArtifactDto[] {
    return this.org.artifacts
      .create(incidentId, input, this.as(write))
      .map((record) => structuredClone(artifactView(record)));
  }

  addFileArtifact(incidentId: number, input: ArtifactInput, file: FileInput, write?: WriteOptions): ArtifactDto {
    const record = this.org.artifacts.createFile(incidentId, input, StoredFile.of(file), this.as(write));
    return structuredClone(artifactView(record));
  }

  updateArtifact(artifactId: number, changes: ArtifactChanges, write?: WriteOptions): ArtifactDto {
    return structuredClone(artifactView(this.org.artifacts.update(artifactId, changes, this.as(write))));
  }

  deleteArtifact(artifactId: number, write?: WriteOptions): void {
    this.org.artifacts.remove(artifactId, this.as(write));
  }

  attachments(parent: ParentRef): AttachmentDto[] {
    const { incident, task } = resolveParent(this.org.state, parent);
    return views((task ?? incident).attachments, attachmentView);
  }

  attachment(attachmentId: number): AttachmentDto {
    return structuredClone(attachmentView(found(this.org.state.attachments, attachmentId)));
  }

  addAttachment(parent: ParentRef, file: FileInput & { description?: string }, write?: WriteOptions): AttachmentDto {
    return structuredClone(attachmentView(this.org.attachments.create(parent, StoredFile.of(file), this.as(write))));
  }

  deleteAttachment(attachmentId: number, write?: WriteOptions): void {
    this.org.attachments.remove(attachmentId, this.as(write));
  }

  content(attachmentId: number): Buffer {
    return found(this.org.state.files, attachmentId).bytes();
  }

  milestones(incidentId: number): MilestoneDto[] {
    return views(this.org.state.incident(incidentId).milestones, milestoneView);
  }

  milestone(milestoneId: number): MilestoneDto {
    return structuredClone(milestoneView(found(this.org.state.milestones, milestoneId)));
  }

  addMilestone(incidentId: number, input: MilestoneInput, write?: WriteOptions): MilestoneDto {
    return structuredClone(milestoneView(this.org.milestones.create(incidentId, { ...input }, this.as(write))));
  }

  updateMilestone(milestoneId: number, changes: Partial<MilestoneInput>, write?: WriteOptions): MilestoneDto {
    return structuredClone(milestoneView(this.org.milestones.update(milestoneId, { ...changes }, this.as(write))));
  }

  deleteMilestone(milestoneId: number, write?: WriteOptions): void {
    this.org.milestones.remove(milestoneId, this.as(write));
  }

  emails(incidentId: number): EmailDto[] {
    return views(this.org.state.incident(incidentId).emails, emailView);
  }

  receiveEmail(incidentId: number, input: EmailInput, write?: WriteOptions): EmailDto {
    return structuredClone(emailView(this.org.emails.receive(incidentId, input, this.as(write))));
  }

  deleteEmail(emailId: number, write?: WriteOptions): void {
    this.org.emails.remove(emailId, this.as(write));
  }

  tables(): string[] {
    return this.org.state.schema.tables().map(({ name }) => name);
  }

  rows(incidentId: number, table?: string): RowDto[] {
    const rows = views(this.org.state.incident(incidentId).rows, rowView);
    return table === undefined ? rows : rows.filter((row) => row.table_name === table);
  }

  row(rowId: number): RowDto {
    return structuredClone(rowView(found(this.org.state.rows, rowId)));
  }

  addRow(incidentId: number, table: string, cells: Record<string, unknown>, write?: WriteOptions): RowDto {
    const type = this.org.rows.table(table);
    return structuredClone(rowView(this.org.rows.create(incidentId, type, asCells(cells), this.as(write))));
  }

  updateRow(rowId: number, cells: Record<string, unknown>, write?: WriteOptions): RowDto {
    const record = this.org.rows.update(rowId, asCells(cells), undefined, this.as(write), 'kept');
    return structuredClone(rowView(record));
  }

  deleteRow(rowId: number, write?: WriteOptions): void {
    this.org.rows.remove(rowId, this.as(write));
  }

  users(): UserDto[] {
    return this.org.state.people.all('user').flatMap(({ user }) => (user ? [{ ...user }] : []));
  }

  groups(): { id: number; name: string }[] {
    return this.org.state.people.all('group').map(({ dto }) => ({ id: dto.id, name: dto.name }));
  }

  workspaces(): { id: number; label: string }[] {
    const workspaces = this.org.state.schema.sets['workspaces']?.all() ?? [];
    return Array.from(workspaces, ({ value, label }) => ({ id: Number(value), label }));
  }

  changeSecret(login: string, secret: string): void {
    this.org.state.people.changeSecret(login, secret);
  }

  rules(): RuleInfo[] {
    return this.org.rules.list();
  }

  setRules(enabled: boolean, objectType?: string): void {
    this.org.rules.setEnabled(enabled, objectType);
  }

  invokeMenuRule(
    ruleName: string,
    incidentId: number,
    properties: Record<string, unknown> = {},
    write?: WriteOptions,
  ): Invocation {
    return this.org.rules.invokeMenuRule(ruleName, incidentId, properties, this.as(write));
  }

  invokeFunction(functionName: string, inputs: Record<string, unknown>, write?: WriteOptions): Invocation {
    return this.org.rules.invokeFunction(functionName, inputs, this.as(write));
  }

  invocations(): readonly Invocation[] {
    return this.org.rules.status();
  }

  expireSessions(): void {
    this.onExpireSessions();
  }

  settled(): Promise<void> {
    return this.org.settled();
  }

  onChange(listener: (incidentIds: readonly number[]) => void): void {
    this.org.state.journal.onChanges((changes) =>
      listener([
        ...new Set(changes.flatMap(({ operation, incident }) => (operation === 'deleted' ? [] : [incident.dto.id]))),
      ]),
    );
  }

  census(): readonly CensusEntry[] {
    return census(this.org.state);
  }

  schema(): OrgDump['schema'] {
    return dumpSchema(this.org.state);
  }

  dump(): OrgDump {
    return dumpOrg(this.org.state);
  }

  private as(write?: WriteOptions): WriteContext {
    return writeContext(this.org, write);
  }
}
