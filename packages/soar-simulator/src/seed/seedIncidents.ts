import type { IncidentDto } from '../org/dto/IncidentDto.js';
import { PlatformError } from '../org/PlatformError.js';
import type { SimOrg } from '../org/SimOrg.js';
import { Random } from './Random.js';
import { ValueMaker } from './ValueMaker.js';

export interface SeedOptions {
  readonly incidents: number;
  /** Equal seeds make equal incidents in equal orgs. Default 1. */
  readonly seed?: number;
  /** Share of the objects that have file content. Default 0.1. */
  readonly files?: number;
  /** Objects of an incident, beside the tasks that the platform makes: from the first to the second. Default 12 to 20. */
  readonly objects?: readonly [number, number] | undefined;
  /** false (default): the org's rules are off, as before the feed was installed, so no message is queued. */
  readonly messages?: boolean;
}

export interface SeedSummary {
  readonly incidents: number;
  readonly objects: number;
  /** How many of the objects are tasks that the platform made by itself. */
  readonly automaticTasks: number;
  /** How many of the objects are attachments and file artifacts. */
  readonly withContent: number;
}

/**
 * Fills an org with incidents of every kind, by default about 18 objects each: all field types, many alphabets, empty and very
 * long texts, closed incidents, replies, children of tasks and artifacts, and identical siblings.
 */
export function seedIncidents(org: SimOrg, options: SeedOptions): SeedSummary {
  const seeder = new Seeder(org, new Random(options.seed ?? 1), options.files ?? 0.1, options.objects ?? [12, 20]);
  const seed = (): void => {
    for (let count = 0; count < options.incidents; count += 1) seeder.incident();
  };
  if (options.messages) seed();
  else withoutRules(org, seed);
  return { ...seeder.summary, incidents: options.incidents };
}

/** Does this while the org's automatic rules are off, so that no message is queued. */
export function withoutRules(org: SimOrg, work: () => void): void {
  const silenced = org.rules().filter(({ kind, enabled }) => kind === 'automatic' && enabled);
  for (const { objectType } of silenced) org.setRules(false, objectType);
  try {
    work();
  } finally {
    for (const { objectType } of silenced) org.setRules(true, objectType);
  }
}

const kinds = { task: 2.2, note: 2.5, reply: 1.6, taskNote: 1.6, artifact: 3, milestone: 1.3, row: 2.6 };
const fileKinds = { fileArtifact: 4, attachment: 3, taskAttachment: 3 };
type Kind = keyof typeof kinds | keyof typeof fileKinds;

class Seeder {
  readonly summary = { objects: 0, automaticTasks: 0, withContent: 0 };
  private readonly make: ValueMaker;

  constructor(
    private readonly org: SimOrg,
    private readonly random: Random,
    private readonly files: number,
    private readonly objects: readonly [number, number],
  ) {
    this.make = new ValueMaker(org.dump().schema, random);
  }

  incident(): void {
    const { random, summary } = this;
    const incident = this.attempt(() => this.org.createIncident(this.make.incident()));
    const automatic = this.org.tasks(incident.id).length;
    summary.automaticTasks += automatic;
    const [least, most] = this.objects;
    const contents = Math.floor(0.9 * most * this.files + random.next());
    const others = Math.max(2, random.integer(least, most) - contents);
    summary.objects += 1 + automatic + contents + others;
    summary.withContent += contents;

    const before = new Incident(incident);
    for (const task of this.org.tasks(incident.id)) before.tasks.push(task.id);
    for (let count = 0; count < others; count += 1) this.attempt(() => this.add(random.weighted(kinds), before));
    for (let count = 0; count < contents; count += 1) this.attempt(() => this.add(random.weighted(fileKinds), before));
    this.finish(before);
  }

  /** A switch can make the org refuse retired options; then another try chooses other options. */
  private attempt<T>(make: () => T): T {
    for (let tries = 1; ; tries += 1) {
      try {
        return make();
      } catch (error) {
        if (!(error instanceof PlatformError) || tries === 20) throw error;
      }
    }
  }

  /** Adds an object of this kind or, if its parent does not exist yet, adds the parent instead. */
  private add(kind: Kind, at: Incident): void {
    const { org, random, make } = this;
    switch (kind) {
      case 'task': {
        const body = at.again(random, 'task') ?? make.task();
        at.remember('task', body);
        return void at.tasks.push(org.createTask(at.id, body).id);
      }
      case 'note': {
        const text = at.again(random, 'note') ?? make.note();
        at.remember('note', text);
        return void at.notes.push(org.addNote({ incidentId: at.id }, text).id);
      }
      case 'reply':
        if (at.notes.length === 0) return this.add('note', at);
        return void at.notes.push(org.reply(random.pick(at.notes), make.note()).id);
      case 'taskNote':
        if (at.tasks.length === 0) return this.add('task', at);
        return void at.notes.push(org.addNote({ taskId: random.pick(at.tasks) }, make.note()).id);
      case 'artifact': {
        const parent = at.artifacts.length > 0 && random.chance(0.25) ? random.pick(at.artifacts) : null;
        const [artifact] = org.addArtifact(at.id, { ...make.artifact(), parent_id: parent });
        return artifact && void at.artifacts.push(artifact.id);
      }
      case 'milestone':
        return void org.addMilestone(at.id, make.milestone());
      case 'row': {
        const tables = org.tables();
        if (tables.length === 0) return this.add('note', at);
        const again = at.again(random, 'row');
        const row = again ?? { table: random.pick(tables), cells: {} };
        if (!again) row.cells = make.cells(row.table);
        at.remember('row', row);
        return void org.addRow(at.id, row.table, row.cells);
      }
      case 'fileArtifact': {
        const parent = at.artifacts.length > 0 && random.chance(0.4) ? random.pick(at.artifacts) : null;
        const file = make.file();
        // The platform would merge an artifact with the same type and value: the number keeps them distinct.
        const value = `${at.artifacts.length}-${file.name}`;
        const body = { ...make.fileArtifact(), value, parent_id: parent };
        return void at.artifacts.push(org.addFileArtifact(at.id, body, file).id);
      }
      case 'attachment':
      case 'taskAttachment': {
        if (kind === 'taskAttachment' && at.tasks.length === 0) return this.add('attachment', at);
        const parent = kind === 'attachment' ? { incidentId: at.id } : { taskId: random.pick(at.tasks) };
        const file = at.again(random, 'file') ?? make.file();
        at.remember('file', file);
        // The same name with other bytes, and exactly the same file twice: both are valid.
        const content = random.chance(0.5) ? file.content : random.bytes(random.integer(1, 500));
        return void org.addAttachment(parent, { ...file, content });
      }
    }
  }

  /** Closes some tasks and a quarter of the incidents, also while required tasks are open if the organization allows it. */
  private finish(at: Incident): void {
    const { org, random } = this;
    const closed = random.chance(0.25);
    const tidy = closed && random.chance(0.6);
    for (const id of at.tasks) if (tidy || random.chance(0.2)) org.updateTask(id, { status: 'C' });
    if (!closed) return;
    const resolution = random.pick(org.labels.all('incident', 'resolution_id'));
    try {
      org.closeIncident(at.id, { resolution, summary: this.make.note() });
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
    }
  }
}

/** What the current incident has so far. */
class Incident {
  readonly id: number;
  readonly tasks: number[] = [];
  readonly notes: number[] = [];
  readonly artifacts: number[] = [];
  private readonly last: Partial<Remembered> = {};

  constructor(incident: IncidentDto) {
    this.id = incident.id;
  }

  remember<K extends keyof Remembered>(kind: K, value: Remembered[K]): void {
    this.last[kind] = value;
  }

  /** Sometimes returns the last one again: an identical object is an object of its own. */
  again<K extends keyof Remembered>(random: Random, kind: K): Remembered[K] | undefined {
    return random.chance(kind === 'file' ? 0.5 : 0.12) ? this.last[kind] : undefined;
  }
}

interface Remembered {
  task: ReturnType<ValueMaker['task']>;
  note: string;
  row: { table: string; cells: Record<string, unknown> };
  file: ReturnType<ValueMaker['file']>;
}
