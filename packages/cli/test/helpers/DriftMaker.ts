import type { Random, SimOrg } from '@soar-feed/soar-simulator';
import { fieldDrift } from './fieldDrifts.js';
import { standingObjects } from './StandingObjects.js';
import type { Standing } from './StandingObjects.js';

export interface ExpectedDrift {
  readonly type: string;
  readonly id: number;
  readonly incidentId: number;
  readonly cause: 'differs' | 'missing' | 'extra';
  /** Absent: a whole object that is a frame now. */
  readonly fields?: readonly string[];
}

export type Side = 'source' | 'target';

/** So few, because each takes all its objects along. */
const MAX_DELETED_INCIDENTS = 4;

/**
 * Makes the source and its replica differ, change by change, and knows what a verification has to say about each. No two
 * changes touch the same object.
 */
export class DriftMaker {
  readonly expected: ExpectedDrift[] = [];
  /** Objects that a change was made to, or that went with one. */
  readonly touched = new Set<Standing>();
  /** Writes of a repair beyond one per object: the platform does not take a deleted note back, so its thread is made anew. */
  rewrites = 0;
  private readonly kept = new Set<Standing>();
  private readonly left: Standing[];
  private readonly deletedIncidents = { source: 0, target: 0 };
  private readonly lacking: readonly unknown[];
  private number = 0;

  /** `there`: the id of the replica of `type id`; without one, the target holds none. */
  constructor(
    private readonly random: Random,
    private readonly source: SimOrg,
    private readonly target: SimOrg,
    private readonly there: ReadonlyMap<string, number>,
  ) {
    const dump = source.dump();
    const phases = new Set(target.dump().schema.phases.map(({ label }) => label));
    this.lacking = dump.schema.phases.filter(({ label }) => !phases.has(label)).map(({ id }) => id);
    const all = standingObjects(dump);
    this.left = all
      .map((one) => ({ one, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }

  /** Makes one change; throws when no object is left. */
  make(side: Side): void {
    for (;;) {
      const object = this.left.pop();
      if (object === undefined) throw new RangeError(`nothing is left to change after ${this.number} changes`);
      if (this.touched.has(object) || !this.there.has(nameOf(object))) continue;
      this.number += 1;
      const kind = this.random.weighted({ edit: 6, remove: 3, add: side === 'source' ? 2 : 0 });
      if (kind === 'add' && this.add(object)) return;
      if (kind === 'remove' && this.remove(side, object)) return;
      if (this.edit(side, object) || this.remove(side, object)) return;
    }
  }

  /** What nobody may take for drift: what people add in the target, and fields that the other side does not have. */
  bait(): void {
    const object = this.left.find((one) => one.type === 'incident' && !this.touched.has(one));
    if (object === undefined) throw new RangeError('no incident is left');
    this.touch(object);
    const id = this.idAt('target', object);
    this.target.updateIncident(id, { properties: { target_remark: 'ours' } });
    this.target.addNote({ incidentId: id }, 'Only there');
    this.target.createTask(id, { name: 'Only there' });
    this.target.addMilestone(id, { title: 'Only there', date: 1_700_000_000_000 });
    this.source.updateIncident(object.id, { properties: { legacy_code: 'not there' } });
    this.source.addRow(object.id, 'source_only', { what: 'not there' });
  }

  private edit(side: Side, object: Standing): boolean {
    const drift = fieldDrift(object, this.random, this.lacking);
    if (drift === undefined) return false;
    drift.change(this.at(side), this.idAt(side, object), this.number);
    this.touch(object);
    this.expect(object, 'differs', drift.fields);
    return true;
  }

  /** A new object below this one, or a reply to it. */
  private add(object: Standing): boolean {
    const { source, random, number } = this;
    const { type, id, incidentId } = object;
    const file = { name: `file-${number}.bin`, content: random.bytes(random.integer(1, 2_000)) };
    const found = (made: { id: number }, of: string): boolean => {
      this.expected.push({ type: of, id: made.id, incidentId, cause: 'missing' });
      // Its parent stays.
      for (const one of [object, ...object.above]) this.kept.add(one);
      return true;
    };
    switch (type) {
      case 'incident':
        switch (random.integer(0, 5)) {
          case 0:
            return found(source.addNote({ incidentId }, `New ${number}`), 'note');
          case 1:
            return found(source.createTask(incidentId, { name: `New ${number}` }), 'task');
          case 2:
            return found(
              source.addMilestone(incidentId, { title: `New ${number}`, date: 1_700_000_000_000 }),
              'milestone',
            );
          case 3:
            return found(source.addAttachment({ incidentId }, file), 'attachment');
          case 4:
            return found(
              source.addFileArtifact(incidentId, { type: 'memory_dump', value: file.name }, file),
              'artifact',
            );
          default:
            return found(source.addRow(incidentId, 'affected_hosts', { host: `new-${number}` }), 'affected_hosts');
        }
      case 'task':
        if (random.chance(0.5)) return found(source.addAttachment({ taskId: id }, file), 'attachment');
        return found(source.addNote({ taskId: id }, `New ${number}`), 'note');
      case 'note':
        return found(source.reply(id, `New ${number}`), 'note');
      default:
        return false;
    }
  }

  private remove(side: Side, object: Standing): boolean {
    const { type, below } = object;
    const untouchable = (one: Standing): boolean => this.touched.has(one) || this.kept.has(one);
    if (untouchable(object) || object.below.some(untouchable)) return false;
    if (type === 'incident' && (this.deletedIncidents[side] += 1) > MAX_DELETED_INCIDENTS) return false;
    if (type === 'artifact' && below.length > 0) return false;
    const org = this.at(side);
    const id = this.idAt(side, object);
    if (type === 'task' && !org.task(id).custom) return false;
    const old = type === 'attachment' ? org.attachment(id) : undefined;
    deleteAt(org, type, id);
    if (old !== undefined && this.random.chance(0.5)) this.replace(side, object, old.name);
    if (type === 'note' && below.length > 0) {
      // It keeps its frame for its replies.
      this.touch(object);
      for (const reply of below) this.kept.add(reply);
      this.expect(object, side === 'source' ? 'differs' : 'missing');
      if (side === 'target') this.rewrites += 1 + 2 * below.length;
      return true;
    }
    for (const one of [object, ...below]) {
      this.touch(one);
      if (!this.there.has(nameOf(one))) continue;
      // With an incident that the source deleted goes all that it holds.
      if (side === 'source' && type === 'incident' && one !== object) continue;
      this.expect(one, side === 'source' ? 'extra' : 'missing');
    }
    return true;
  }

  /** Other bytes by the same name: another attachment. */
  private replace(side: Side, { above, incidentId }: Standing, name: string): void {
    const [parent] = above;
    if (parent === undefined) return;
    const id = this.idAt(side, parent);
    const place = parent.type === 'task' ? { taskId: id } : { incidentId: id };
    const file = { name, content: this.random.bytes(2_500) };
    const made = this.at(side).addAttachment(place, file);
    if (side === 'source') this.expected.push({ type: 'attachment', id: made.id, incidentId, cause: 'missing' });
  }

  private touch(object: Standing): void {
    this.touched.add(object);
    for (const one of object.above) this.kept.add(one);
  }

  private expect({ type, id, incidentId }: Standing, cause: ExpectedDrift['cause'], fields?: readonly string[]): void {
    this.expected.push({ type, id, incidentId, cause, ...(fields === undefined ? {} : { fields }) });
  }

  private at(side: Side): SimOrg {
    return side === 'source' ? this.source : this.target;
  }

  private idAt(side: Side, object: Standing): number {
    return side === 'source' ? object.id : (this.there.get(nameOf(object)) ?? 0);
  }
}

function nameOf({ type, id }: Standing): string {
  return `${type} ${id}`;
}

function deleteAt(org: SimOrg, type: string, id: number): void {
  switch (type) {
    case 'incident':
      return org.deleteIncident(id);
    case 'task':
      return org.deleteTask(id);
    case 'note':
      return org.deleteNote(id);
    case 'artifact':
      return org.deleteArtifact(id);
    case 'attachment':
      return org.deleteAttachment(id);
    case 'milestone':
      return org.deleteMilestone(id);
    default:
      return org.deleteRow(id);
  }
}
