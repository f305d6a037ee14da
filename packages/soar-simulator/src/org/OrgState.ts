import type { Behaviour } from '../behaviour/Behaviour.js';
import { FieldWriter } from './FieldWriter.js';
import { Ids } from './Ids.js';
import { Journal } from './Journal.js';
import type { OrgOptions } from './OrgOptions.js';
import { People } from './people/People.js';
import { noObject } from './PlatformError.js';
import type {
  ArtifactRecord,
  AttachmentRecord,
  IncidentRecord,
  EmailRecord,
  MilestoneRecord,
  NoteRecord,
  RowRecord,
  TaskRecord,
} from './records.js';
import { Schema } from './schema/Schema.js';
import type { StoredFile } from './StoredFile.js';
import { ValueReader } from './values/readValue.js';

export interface OrgWorld {
  behaviour: () => Behaviour;
  now: () => number;
  /** Time of a clock that nobody sets, ms: to measure durations. */
  steadyNow: () => number;
}

/** Everything that an org holds. The classes of `objects/` change it; each knows one kind of object. */
export class OrgState {
  readonly idBase: number;
  readonly people: People;
  readonly schema: Schema;
  readonly reader: ValueReader;
  readonly writer: FieldWriter;
  readonly ids: Ids;
  readonly journal = new Journal();

  readonly incidents = new Map<number, IncidentRecord>();
  readonly tasks = new Map<number, TaskRecord>();
  readonly notes = new Map<number, NoteRecord>();
  readonly artifacts = new Map<number, ArtifactRecord>();
  readonly attachments = new Map<number, AttachmentRecord>();
  readonly milestones = new Map<number, MilestoneRecord>();
  readonly emails = new Map<number, EmailRecord>();
  readonly rows = new Map<number, RowRecord>();
  /** How far this org's server is ahead of the platform's clock (negative: behind), ms. */
  clockOffsetMs = 0;
  /** Incidents that were created without the notes and artifacts inside their create. */
  ignoredBundles = 0;
  /** By attachment id; includes the attachments inside file artifacts. */
  readonly files = new Map<number, StoredFile>();

  constructor(
    readonly options: OrgOptions & { idBase: number },
    private readonly world: OrgWorld,
  ) {
    this.idBase = options.idBase;
    this.people = new People(
      options.users ?? [{ email: 'admin@example.com', fname: 'Admin', lname: 'User', password: 'admin' }],
      options.groups ?? [],
      options.apiKeys ?? [{ keyId: `key-${options.id}`, secret: `secret-${options.id}` }],
      this.idBase,
    );
    this.schema = new Schema({
      idBase: this.idBase,
      org: { id: options.id, name: options.name },
      workspaces: options.workspaces ?? ['Default workspace'],
      people: this.people.options,
      options: options.schema ?? {},
      feedPackage: options.feedPackage ?? true,
    });
    this.reader = new ValueReader(this.schema, this.people, world.behaviour);
    this.writer = new FieldWriter(this.reader);
    this.ids = new Ids(this.idBase);
  }

  get behaviour(): Behaviour {
    return this.world.behaviour();
  }

  now(): number {
    return this.world.now() + this.clockOffsetMs;
  }

  steadyNow(): number {
    return this.world.steadyNow();
  }

  incident(id: number): IncidentRecord {
    return found(this.incidents, id);
  }

  task(id: number): TaskRecord {
    return found(this.tasks, id);
  }

  /** Call this after a change to a child: updates the incident's date if the platform does so. */
  touch(incident: IncidentRecord): void {
    if (this.behaviour.childrenTouchIncident) incident.dto.inc_last_modified_date = this.now();
  }
}

/** Returns the object, or throws the platform's 404. */
export function found<T>(objects: ReadonlyMap<number, T>, id: number): T {
  const object = objects.get(id);
  if (object === undefined) throw noObject(id);
  return object;
}
