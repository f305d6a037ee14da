import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DumpIncident, DumpNote } from '@soar-feed/soar-simulator';
import type { World } from '../world/World.js';
import type { Dumps } from './Dumps.js';
import type { Finding } from './Finding.js';
import { leftBehind } from './leftBehind.js';

interface ExpectedFile {
  readonly name: string;
  /** What the file must hold, as far as it is one value under one name. */
  readonly holds: Readonly<Record<string, unknown>>;
  /** A deleted note that stands as a frame for its replies: it may have a file or none. */
  readonly optional?: true;
}

/**
 * Judges the folder of a file feed by the source alone: one file per living object, no others, and the newest text in
 * each.
 */
export function judgeFiles({ folder, workspaces }: World, { source }: Dumps): readonly Finding[] {
  const directory = join(folder, 'files');
  const found = new Set(readdirSync(directory).filter((name) => !name.startsWith('.')));
  const expected = source.incidents.flatMap(filesOf);
  const names = new Set(expected.map(({ name }) => name));
  const left = leftBehind(workspaces, 'Legal');
  // What was in a workspace that does not feed it may be as it was then.
  const isLeft = (name: string): boolean => [...left].some((id) => new RegExp(`^incident_${id}[_.]`).test(name));
  const surplus = [...found].filter((name) => !names.has(name) && !isLeft(name));
  return [
    ...surplus.map((name) => `${name} exists although its object does not`),
    ...expected
      .filter(({ name }) => !isLeft(name))
      .flatMap((file) => (found.has(file.name) ? faultsIn(directory, file) : missing(file))),
  ].map((text): Finding => ({ check: 'files', text }));
}

function missing({ name, optional }: ExpectedFile): readonly string[] {
  return optional ? [] : [`${name} is missing`];
}

function faultsIn(directory: string, { name, holds, optional }: ExpectedFile): readonly string[] {
  if (optional) return [];
  const row = JSON.parse(readFileSync(join(directory, name), 'utf8')) as Readonly<Record<string, unknown>>;
  return Object.entries(holds)
    .filter(([key, value]) => JSON.stringify(row[key]) !== JSON.stringify(value))
    .map(([key, value]) => `${name} says ${key} = ${JSON.stringify(row[key])}, the source ${JSON.stringify(value)}`);
}

function filesOf({
  id,
  ids,
  tasks,
  notes,
  artifacts,
  attachments,
  milestones,
  rows,
}: DumpIncident): readonly ExpectedFile[] {
  const file = (type: string, objectId: number, holds: ExpectedFile['holds'] = {}): ExpectedFile => ({
    name: `incident_${id}_${type}_${objectId}.json`,
    holds,
  });
  const ofNote = (note: DumpNote): readonly ExpectedFile[] => [
    { ...file('note', note.id), ...(note.ids['is_deleted'] === true ? { optional: true as const } : {}) },
    ...note.children.flatMap(ofNote),
  ];
  return [
    { name: `incident_${id}.json`, holds: { name: ids['name'] } },
    ...tasks.flatMap((task) => [
      file('task', task.id, { name: task.ids['name'] }),
      ...task.notes.flatMap(ofNote),
      ...task.attachments.map((each) => file('attachment', each.id)),
    ]),
    ...notes.flatMap(ofNote),
    ...artifacts.map((each) => file('artifact', each.id, { value: each.ids['value'] })),
    ...attachments.map((each) => file('attachment', each.id)),
    ...milestones.map((each) => file('milestone', each.id, { title: each.ids['title'] })),
    ...rows.map((row) => file(row.table, row.id)),
  ];
}
