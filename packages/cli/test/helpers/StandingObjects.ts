import type { DumpNote, OrgDump } from '@soar-feed/soar-simulator';

/** An object of the source, and what hangs below it. */
export interface Standing {
  readonly type: string;
  readonly id: number;
  readonly incidentId: number;
  /** Tasks, notes and artifacts that it hangs below, nearest first; not the incident. */
  readonly above: readonly Standing[];
  /** Everything below it, to the last level. */
  readonly below: Standing[];
  readonly ids: Readonly<Record<string, unknown>>;
}

/** Every object of an organization. */
export function standingObjects({ incidents }: OrgDump): readonly Standing[] {
  const all: Standing[] = [];
  for (const incident of incidents) {
    const add = (type: string, object: { id: number; ids: Record<string, unknown> }, above: readonly Standing[]) => {
      const one = { type, id: object.id, incidentId: incident.id, above, below: [], ids: object.ids };
      for (const upper of above) upper.below.push(one);
      all.push(one);
      return one;
    };
    const addNotes = (notes: readonly DumpNote[], above: readonly Standing[]): void => {
      for (const note of notes) addNotes(note.children, [add('note', note, above), ...above]);
    };
    const root = add('incident', incident, []);
    for (const task of incident.tasks) {
      const above = [add('task', task, [root]), root];
      addNotes(task.notes, above);
      for (const file of task.attachments) add('attachment', file, above);
    }
    addNotes(incident.notes, [root]);
    for (const file of incident.attachments) add('attachment', file, [root]);
    for (const one of incident.milestones) add('milestone', one, [root]);
    for (const row of incident.rows) add(row.table, row, [root]);
    // A parent artifact has the lower id.
    const artifacts = new Map<unknown, Standing>();
    for (const one of [...incident.artifacts].sort((a, b) => a.id - b.id)) {
      const parent = artifacts.get(one.ids['parent_id']);
      artifacts.set(one.id, add('artifact', one, parent === undefined ? [root] : [parent, ...parent.above]));
    }
  }
  return all;
}
