import type { DumpField, DumpIncident, DumpNote, DumpObject, OrgDump } from '../../src/dump/OrgDump.js';
import type { ArtifactDto } from '../../src/org/dto/ArtifactDto.js';
import type { ParentRef } from '../../src/org/dto/NoteDto.js';
import type { IncidentInput } from '../../src/org/dto/IncidentDto.js';
import type { TaskInput } from '../../src/org/dto/TaskDto.js';
import type { SimOrg } from '../../src/org/SimOrg.js';

/** A perfect feed in miniature: copies every incident, with everything the target's schema can hold. */
export function replicate(source: SimOrg, target: SimOrg, references = true): void {
  const from = source.dump();
  const copier = new Copier(source, target, from, target.dump(), references);
  for (const incident of from.incidents) copier.incident(incident);
}

class Copier {
  constructor(
    private readonly source: SimOrg,
    private readonly target: SimOrg,
    private readonly from: OrgDump,
    private readonly to: OrgDump,
    private readonly references: boolean,
  ) {}

  incident(incident: DumpIncident): void {
    const { source, target } = this;
    const { plan_status: status, ...body } = this.fields('incident', incident) as IncidentInput;
    if (this.references) {
      body.properties = { ...body.properties, df_org_id: source.id, df_inc_id: incident.id, df_host: 'source' };
    }
    const { id } = target.createIncident(body as IncidentInput);
    target.addNote(
      { incidentId: id },
      { format: 'text', content: `Incident created from \nHost:source\nIncident ${id}` },
    );
    const adoptable = target.tasks(id);
    for (const task of incident.tasks) {
      const twin = adoptable.findIndex(
        ({ name, cat_name }) => name === task.labels['name'] && cat_name === task.labels['cat_name'],
      );
      const [adopted] = twin < 0 ? [] : adoptable.splice(twin, 1);
      const fields = this.fields('task', task) as unknown as TaskInput;
      const taskId = adopted ? target.updateTask(adopted.id, fields).id : target.createTask(id, fields).id;
      this.notes({ taskId }, task.notes);
      for (const { id: old, file } of task.attachments) {
        target.addAttachment(
          { taskId },
          { name: file.name, contentType: file.contentType, content: source.content(old) },
        );
      }
    }
    this.notes({ incidentId: id }, incident.notes);
    this.artifacts(id, incident);
    for (const { id: old, file } of incident.attachments) {
      const content = source.content(old);
      target.addAttachment({ incidentId: id }, { name: file.name, contentType: file.contentType, content });
    }
    for (const { labels } of incident.milestones) {
      const { title, date, description } = labels as { title: string; date: number; description: string };
      target.addMilestone(id, { title, date, description });
    }
    for (const row of incident.rows) {
      if (!this.to.schema.types[row.table]) continue;
      target.addRow(
        id,
        row.table,
        this.fields(row.table, { ...row, labels: row.labels['cells'] as DumpObject['labels'] }),
      );
    }
    if (status === 'C') target.updateIncident(id, { plan_status: 'C' });
  }

  private notes(parent: ParentRef, notes: readonly DumpNote[], replyTo?: number): void {
    for (const note of notes) {
      const text = String(note.labels['text']);
      if (text === '') {
        this.notes(parent, note.children, replyTo); // the platform takes no empty note
        continue;
      }
      const { id } = replyTo === undefined ? this.target.addNote(parent, text) : this.target.reply(replyTo, text);
      this.notes(parent, note.children, id);
    }
  }

  private artifacts(incidentId: number, incident: DumpIncident): void {
    const ids = new Map<unknown, number>();
    for (const artifact of incident.artifacts) {
      const type = this.from.schema.artifactTypes.find(({ label }) => label === artifact.labels['type']);
      const known = this.to.schema.artifactTypes.some(({ label }) => label === type?.label);
      if (!type || !known) continue;
      const { value, description, relating, ip } = artifact.labels as unknown as ArtifactDto;
      const body = {
        type: type.custom ? type.programmaticName : type.label,
        value,
        description,
        relating,
        ip,
        parent_id: ids.get(artifact.ids['parent_id']) ?? null,
      };
      const file = artifact.file && {
        name: artifact.file.name,
        contentType: artifact.file.contentType,
        content: this.source.content((artifact.ids['attachment'] as { id: number }).id),
      };
      const made = file
        ? this.target.addFileArtifact(incidentId, body, file)
        : this.target.addArtifact(incidentId, body)[0];
      if (made) ids.set(artifact.id, made.id);
    }
  }

  private fields(type: string, object: DumpObject): Record<string, unknown> {
    const body: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(this.from.schema.types[type]?.fields ?? {})) {
      const there = this.to.schema.types[type]?.fields[name];
      if (!there || field.readOnly || there.readOnly || name === 'instr_text') continue;
      const { prefix } = field;
      const section = prefix === null ? object.labels : (object.labels[prefix] as Record<string, unknown>);
      const value = this.known(there, section[name]);
      if (value === null && ['workspace', 'phase_id'].includes(name)) continue;
      if (prefix === null) body[name] = value;
      else body[prefix] = { ...(body[prefix] as object | undefined), [name]: value };
    }
    return body;
  }

  private known(field: DumpField, value: unknown): unknown {
    if (Array.isArray(value)) return value.filter((each) => this.isKnown(field, each));
    return this.isKnown(field, value) ? (value ?? null) : null;
  }

  private isKnown(field: DumpField, value: unknown): boolean {
    if (!field.inputType.includes('select')) return true;
    const { users, groups } = this.to.schema;
    if (/owner|members|user/.test(field.inputType)) {
      return users.some(({ email }) => email === value) || groups.some(({ name }) => name === value);
    }
    return field.options.some(({ id, label }) => label === value || id === value);
  }
}
