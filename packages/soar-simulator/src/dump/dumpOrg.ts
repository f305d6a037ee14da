import type { Bag } from '../org/bag.js';
import { asBag, put } from '../org/bag.js';
import { artifactView, attachmentView, milestoneView, noteView, rowView, taskView } from '../org/objects/views.js';
import type { OrgState } from '../org/OrgState.js';
import type { AttachmentRecord, IncidentRecord, NoteRecord, RowRecord, TaskRecord } from '../org/records.js';
import type { StoredFile } from '../org/StoredFile.js';
import type { TypeDef } from '../org/schema/TypeDef.js';
import { plain, showObject, showValue } from '../org/values/showValue.js';
import { dumpSchema } from './dumpSchema.js';
import type {
  DumpAttachment,
  DumpFile,
  DumpIncident,
  DumpNote,
  DumpObject,
  DumpRow,
  DumpTask,
  OrgDump,
} from './OrgDump.js';

export function dumpOrg(org: OrgState): OrgDump {
  const dumper = new Dumper(org);
  return {
    org: { id: org.options.id, name: org.options.name },
    schema: dumpSchema(org),
    incidents: Array.from(org.incidents.values(), (incident) => dumper.incident(incident)),
  };
}

/** What a body adds for its caller or repeats from a child: not part of the object. */
const leftOut = ['perms', 'actions', 'playbooks', 'children', 'notes', 'tasks', 'artifacts', 'comments', 'task_layout'];

class Dumper {
  constructor(private readonly org: OrgState) {}

  incident(record: IncidentRecord): DumpIncident {
    return {
      ...this.object('incident', record.dto.id, asBag(record.dto)),
      tasks: list(record.tasks, (task) => this.task(task)),
      notes: list(record.notes, (note) => this.note(note)),
      artifacts: list(record.artifacts, (artifact) => ({
        ...this.object('artifact', artifact.dto.id, artifactView(artifact)),
        file: artifact.file && dumpFile(artifact.file),
      })),
      attachments: list(record.attachments, (attachment) => this.attachment(attachment)),
      milestones: list(record.milestones, (milestone) =>
        this.object('milestone', milestone.dto.id, milestoneView(milestone)),
      ),
      rows: list(record.rows, (row) => this.row(row)),
    };
  }

  private task(record: TaskRecord): DumpTask {
    return {
      ...this.object('task', record.dto.id, taskView(record)),
      notes: list(record.notes, (note) => this.note(note)),
      attachments: list(record.attachments, (attachment) => this.attachment(attachment)),
    };
  }

  private note(record: NoteRecord): DumpNote {
    const children = list(record.children, (child) => this.note(child));
    return { ...this.object('note', record.dto.id, noteView(record)), children };
  }

  private attachment(record: AttachmentRecord): DumpAttachment {
    return { ...this.object('attachment', record.dto.id, attachmentView(record)), file: dumpFile(record.file) };
  }

  private row(record: RowRecord): DumpRow {
    const ids = without(rowView(record));
    const cells: Bag = {};
    const labels: Bag = {};
    for (const column of record.table.fields.values()) {
      const value = record.values.get(column.id) ?? null;
      put(cells, column.name, value);
      put(labels, column.name, showValue(column, value, { ...plain, handles: 'names' }, this.org.people));
    }
    return { id: record.id, ids: { ...ids, cells }, labels: { ...ids, cells: labels }, table: record.table.name };
  }

  private object(typeName: string, id: number, view: Bag): DumpObject {
    const type: TypeDef = this.org.schema.type(typeName);
    const ids = without(view);
    return { id, ids, labels: showObject(ids, type, { ...plain, handles: 'names' }, this.org.people) };
  }
}

function list<K, T, R>(records: ReadonlyMap<K, T>, dump: (record: T) => R): R[] {
  return Array.from(records.values(), dump);
}

/** A copy that later writes to the org do not change. */
function without(view: Bag): Bag {
  return Object.fromEntries(
    Object.entries(view).flatMap(([name, value]) => (leftOut.includes(name) ? [] : [[name, copy(value)]])),
  );
}

/** Much faster than `structuredClone` for the small values of JSON. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
}

function dumpFile(file: StoredFile): DumpFile {
  return { name: file.name, contentType: file.contentType, size: file.size, sha256: file.sha256 };
}
