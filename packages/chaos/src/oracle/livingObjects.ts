import type { DumpIncident, DumpNote } from '@soar-feed/soar-simulator';
import type { World } from '../world/World.js';

/** An object of the source that every feed of flat objects must show. */
export interface LivingObject {
  readonly incidentId: number;
  readonly type: string;
  readonly objectId: number;
  /** What it must hold, as far as it is one value under one name. */
  readonly holds: Readonly<Record<string, unknown>>;
  /** A deleted note that stands as a frame for its replies: a feed may show it or not. */
  readonly optional?: true;
}

/** Everything that the source has, incidents included. */
export function livingObjects({ simulator, source }: World): readonly LivingObject[] {
  return simulator.dump(source.id).incidents.flatMap(objectsOf);
}

function objectsOf({
  id: incidentId,
  ids,
  tasks,
  notes,
  artifacts,
  attachments,
  milestones,
  rows,
}: DumpIncident): readonly LivingObject[] {
  const living = (type: string, objectId: number, holds: LivingObject['holds'] = {}): LivingObject => ({
    ...{ incidentId, type, objectId, holds },
  });
  const ofNote = (note: DumpNote): readonly LivingObject[] => [
    { ...living('note', note.id), ...(note.ids['is_deleted'] === true ? { optional: true as const } : {}) },
    ...note.children.flatMap(ofNote),
  ];
  return [
    living('incident', incidentId, { name: ids['name'] }),
    ...tasks.flatMap((task) => [
      living('task', task.id, { name: task.ids['name'] }),
      ...task.notes.flatMap(ofNote),
      ...task.attachments.map((each) => living('attachment', each.id)),
    ]),
    ...notes.flatMap(ofNote),
    ...artifacts.map((each) => living('artifact', each.id, { value: each.ids['value'] })),
    ...attachments.map((each) => living('attachment', each.id)),
    ...milestones.map((each) => living('milestone', each.id, { title: each.ids['title'] })),
    ...rows.map((row) => living(row.table, row.id)),
  ];
}
