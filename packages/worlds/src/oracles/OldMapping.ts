import { compareOrgs, writeJson } from '@soar-feed/soar-simulator';
import type { Difference, DumpIncident, DumpNote, DumpObject, Finding, OrgDump } from '@soar-feed/soar-simulator';

/** The target when the mapping was copied, and when that copy was put back. */
export interface OldMapping {
  readonly copied: OrgDump;
  readonly putBack?: OrgDump;
}

/**
 * Whether an old mapping hides a difference: after the copy was made, the field changed and was sent, and once the copy was in
 * place it changed back. The copy says that the target has the old value, so nothing is sent (guarantees.md).
 */
export function hiddenBy({ copied, putBack }: OldMapping, source: OrgDump): (difference: Difference) => boolean {
  if (putBack === undefined) return () => false;
  const then = compareOrgs(source, copied);
  const known = new Map(copied.incidents.flatMap(allOf));
  // Compared with nothing, so it shows no differences.
  const unpaired = new Set(then.doubled.map(objectOf));
  const different = new Set(then.different.map(fieldOf));
  const sentSince = new Set(compareOrgs(source, putBack).different.flatMap((each) => [valuesOf(each), valueOf(each)]));
  return (difference) => {
    const name = objectOf({ type: difference.type, objectId: difference.targetId });
    const copy = known.get(name);
    if (copy === undefined || different.has(fieldOf(difference))) return false;
    if (unpaired.has(name) && saidIn(copy, difference.field) !== difference.source) return false;
    return [valuesOf, valueOf].some((of) => sentSince.has(of(difference)));
  };
}

/**
 * The same with the name of a task, which tells tasks apart: the one that lacks a counterpart, and the one that has too many.
 */
export function renamedBack({ copied, putBack }: OldMapping): (unpaired: Finding) => boolean {
  const nameOf = ({ labels }: DumpObject): unknown => labels['name'];
  const tasksOf = (dump: OrgDump | undefined): readonly DumpObject[] =>
    dump?.incidents.flatMap(({ tasks }) => tasks) ?? [];
  const now = new Map(tasksOf(putBack).map((task) => [task.id, nameOf(task)]));
  const renamed = tasksOf(copied).filter((task) => now.has(task.id) && now.get(task.id) !== nameOf(task));
  return ({ type, objectId, object }) =>
    type === 'task' && renamed.some((task) => task.id === objectId || nameOf(task) === object);
}

/**
 * Whether an old mapping explains a milestone or table row that is in the target twice: it was made after the copy, and edited once
 * that copy was in place. Nothing shows who created it, so it is created again (guarantees.md).
 */
export function madeAgain({ copied, putBack }: OldMapping): (doubled: Finding) => boolean {
  if (putBack === undefined) return () => false;
  const [before, after] = [copied, putBack].map((dump) => new Set(dump.incidents.flatMap(authorless)));
  return (doubled) => before?.has(objectOf(doubled)) === false && after?.has(objectOf(doubled)) === true;
}

/**
 * Whether nobody knows any more that an object of the target lost its counterpart when the source was restored: the mapping was lost,
 * or its copy is older than the object (guarantees.md).
 */
export function leftByRestore(old: OldMapping | undefined): (doubled: Finding) => boolean {
  const known = new Map(old?.copied.incidents.flatMap(allOf));
  return (doubled) => !known.has(objectOf(doubled));
}

/** Every object, by its name. */
function allOf(incident: DumpIncident): readonly (readonly [string, DumpObject])[] {
  const { tasks, notes, artifacts, attachments, milestones, rows } = incident;
  const named = (type: string, objects: readonly DumpObject[]): readonly (readonly [string, DumpObject])[] =>
    objects.map((each) => [objectOf({ type, objectId: each.id }), each]);
  const threads = (all: readonly DumpNote[]): readonly DumpNote[] =>
    all.flatMap((note) => [note, ...threads(note.children)]);
  const files = [...attachments, ...tasks.flatMap((task) => task.attachments)];
  return [
    ...named('incident', [incident]),
    ...named('task', tasks),
    ...named('note', threads([...notes, ...tasks.flatMap((task) => task.notes)])),
    ...named('artifact', artifacts),
    ...named('attachment', files),
    ...named('milestone', milestones),
    ...rows.flatMap((row) => named(row.table, [row])),
  ];
}

/** The value of a field, as a difference shows one that is short. */
function saidIn({ labels }: DumpObject, field: string): string {
  const [first = '', ...rest] = field.split('.');
  const section = rest.length === 0 ? labels : labels[first];
  return writeJson((section as Readonly<Record<string, unknown>> | undefined)?.[rest.join('.') || first] ?? null);
}

function authorless({ milestones, rows }: DumpIncident): readonly string[] {
  return [
    ...milestones.map(({ id }) => objectOf({ type: 'milestone', objectId: id })),
    ...rows.map(({ id, table }) => objectOf({ type: table, objectId: id })),
  ];
}

const objectOf = ({ type, objectId }: Pick<Finding, 'type' | 'objectId'>): string => `${type} ${objectId}`;

/** By the object of the target: which of some equal objects it stands for may be told in another way at another time. */
const fieldOf = ({ type, targetId, field }: Difference): string => `${type} ${targetId} ${field}`;

const valueOf = (difference: Difference): string => `${fieldOf(difference)} ${difference.target}`;

/** Without ids: which of some equal objects stands for which may be paired in another way at another time. */
const valuesOf = ({ type, incidentId, object, field, source, target }: Difference): string =>
  [type, incidentId, object, field, source, target].join(' ');
