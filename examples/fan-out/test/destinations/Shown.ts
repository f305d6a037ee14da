import type { DumpNote, DumpObject, OrgDump } from '@soar-feed/soar-simulator';

export type Values = Readonly<Record<string, unknown>>;

/** One line per object, `type/id: what people read of it`; sorted, so that two lists can be compared. */
export type Objects = readonly string[];

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  incident: ['name', 'description', 'severity_code', 'resolution_id'],
  task: ['name', 'phase_id'],
  note: ['text'],
  artifact: ['value', 'description', 'type'],
  attachment: ['name', 'size', 'content_type'],
  milestone: ['title', 'description'],
};

/** Kinds of fields that every destination shows as the source does. */
const PLAIN = ['text', 'number', 'select'];

/** What is compared: names, texts, labels and numbers; every such custom field, and every such cell of a data table. */
export class Shown {
  private readonly fields: ReadonlyMap<string, readonly string[]>;

  constructor(private readonly dump: OrgDump) {
    const types = Object.values(dump.schema.types).map(({ name, fields }) => {
      const plain = Object.entries(fields).filter(([, { inputType }]) => PLAIN.includes(inputType));
      const custom = plain.filter(([, field]) => field.custom).map(([field]) => field);
      return [name, [...(FIELDS[name] ?? []), ...custom]] as const;
    });
    this.fields = new Map(types);
  }

  get types(): readonly string[] {
    return [...this.fields.keys()];
  }

  line(type: string, id: unknown, values: Values): string {
    const shown = (this.fields.get(type) ?? []).map((name) => textOf(values[name]));
    return `${type}/${String(id)}: ${JSON.stringify(shown)}`;
  }

  /** What the source has. */
  source(): Objects {
    const found: string[] = [];
    const add = (type: string, { id, labels }: DumpObject): void =>
      void found.push(this.line(type, id, { ...labels, ...(labels['properties'] as Values | undefined) }));
    const addNote = (note: DumpNote): void => {
      add('note', note);
      note.children.forEach(addNote);
    };
    for (const incident of this.dump.incidents) {
      add('incident', incident);
      for (const task of incident.tasks) {
        add('task', task);
        task.notes.forEach(addNote);
        for (const attachment of task.attachments) add('attachment', attachment);
      }
      incident.notes.forEach(addNote);
      for (const artifact of incident.artifacts) add('artifact', artifact);
      for (const attachment of incident.attachments) add('attachment', attachment);
      for (const milestone of incident.milestones) add('milestone', milestone);
      for (const row of incident.rows) {
        found.push(this.line(row.table, row.id, row.labels['cells'] as Values));
      }
    }
    return found.sort();
  }
}

/** Databases have numbers as texts and the other way round. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  return 'content' in value ? textOf(value.content) : JSON.stringify(value);
}
