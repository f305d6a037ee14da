import { compareOrgs } from '@soar-feed/soar-simulator';
import type { Difference, DumpIncident, DumpNote, Finding, OrgDump } from '@soar-feed/soar-simulator';

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
  const known = new Set(copied.incidents.flatMap(allOf));
  const different = new Set(then.different.map(fieldOf));
  const sentSince = new Set(compareOrgs(source, putBack).different.flatMap((each) => [valuesOf(each), valueOf(each)]));
  return (difference) => {
    const isKnown = known.has(objectOf({ type: difference.type, objectId: difference.targetId }));
    return (
      isKnown && !different.has(fieldOf(difference)) && [valuesOf, valueOf].some((of) => sentSince.has(of(difference)))
    );
  };
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
  const known = new Set(old?.copied.incidents.flatMap(allOf));
  return (doubled) => !known.has(objectOf(doubled));
}

function allOf(incident: DumpIncident): readonly string[] {
  const { id, tasks, notes, artifacts, attachments } = incident;
  const named = (type: string, objects: readonly { readonly id: number }[]): readonly string[] =>
    objects.map((each) => objectOf({ type, objectId: each.id }));
  const threads = (all: readonly DumpNote[]): readonly DumpNote[] =>
    all.flatMap((note) => [note, ...threads(note.children)]);
  const files = [...attachments, ...tasks.flatMap((task) => task.attachments)];
  return [
    ...named('incident', [{ id }]),
    ...named('task', tasks),
    ...named('note', threads([...notes, ...tasks.flatMap((task) => task.notes)])),
    ...named('artifact', artifacts),
    ...named('attachment', files),
    ...authorless(incident),
  ];
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
