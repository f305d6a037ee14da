import type {
  DumpArtifact,
  DumpAttachment,
  DumpFile,
  DumpIncident,
  DumpNote,
  DumpObject,
  DumpRow,
  DumpTask,
} from '../dump/OrgDump.js';
import type { CompareOptions } from './CompareOptions.js';
import { Findings } from './Findings.js';
import { isDefaultNote, type InherentDifference } from './inherentDifferences.js';
import { normaliseText } from './normaliseText.js';
import { countNotes, withoutPlaceHolders } from './noteTree.js';
import { pairEdited, pairUp } from './pairUp.js';
import { fits, type SchemaFit } from './SchemaFit.js';

/** Compares one incident of the source, with everything below it, with its replica. Uses no mapping, only content. */
export class IncidentComparer {
  constructor(
    private readonly fit: SchemaFit,
    private readonly options: CompareOptions,
  ) {}

  compare(source: DumpIncident, target: DumpIncident): Findings {
    const found = new Findings(source);
    this.compareFields('incident', source, target, found);
    this.compareHipaa(source, target, found);
    this.compareTasks(source.tasks, target.tasks, found);
    this.compareNotes(source.notes, target.notes, 'incident', found);
    this.compareArtifacts(source.artifacts, target.artifacts, found);
    this.compareAttachments(source.attachments, target.attachments, found);
    this.compareSimple('milestone', source.milestones, target.milestones, found);
    this.compareRows(source.rows, target.rows, found);
    return found;
  }

  private sameFields(type: string, source: DumpObject, target: DumpObject): boolean {
    return clean((trial) => this.compareFields(type, source, target, trial));
  }

  private compareFields(type: string, source: DumpObject, target: DumpObject, found: Findings): void {
    // The fields of a table are in the cells of its rows.
    const at = (object: DumpObject) => ('table' in object ? section(object.labels, 'cells') : object.labels);
    for (const field of this.fit.fields(type)) {
      const [a, b] = [read(at(source), field.prefix, field.name), read(at(target), field.prefix, field.name)];
      // A task that is not private has false or nothing (the platform's own rule: no members, not private).
      if (type === 'task' && field.name === 'private' && !a && !b) continue;
      if (!fits(field, a, b, (why) => found.explain(why))) {
        found.addDifference(type, [source, target], field.path, [a, b]);
      }
    }
  }

  /** No schema describes the hipaa section. */
  private compareHipaa(source: DumpIncident, target: DumpIncident, found: Findings): void {
    const [a, b] = [section(source.labels, 'hipaa'), section(target.labels, 'hipaa')];
    for (const name of Object.keys(a)) {
      if (this.options.ignoreFields?.includes(`incident.hipaa.${name}`)) continue;
      if ((a[name] ?? '') !== (b[name] ?? '')) {
        found.addDifference('incident', [source, target], `hipaa.${name}`, [a[name], b[name]]);
      }
    }
  }

  private compareTasks(sources: readonly DumpTask[], targets: readonly DumpTask[], found: Findings): void {
    const same = (a: DumpTask, b: DumpTask) => this.sameFields('task', a, b);
    const sameName = (a: DumpTask, b: DumpTask) => a.labels['name'] === b.labels['name'];
    const sameStep = (a: DumpTask, b: DumpTask) => sameName(a, b) && a.labels['cat_name'] === b.labels['cat_name'];
    const sameWhole = (a: DumpTask, b: DumpTask) => same(a, b) && clean((trial) => this.compareBelowTask(a, b, trial));
    // The tasks that the target made by itself come first: a feed must use them, not repeat them.
    const candidates = [...targets.filter(isAutomatic), ...targets.filter((task) => !isAutomatic(task))];
    const alike = pairUp(sources, candidates, [sameWhole, same, sameStep, sameName]);
    const own = alike.surplus.filter(isAutomatic);
    const custom = alike.surplus.filter((task) => !isAutomatic(task));
    const { pairs, missing, surplus } = pairEdited({ ...alike, surplus: custom }, same);

    for (const [source, target] of pairs) {
      this.compareFields('task', source, target, found);
      this.compareBelowTask(source, target, found);
    }
    for (const task of missing) {
      if (task.labels['active'] === false) this.leaveOutInactive(task, found);
      else found.addMissing('task', task);
    }
    for (const task of surplus) found.addDoubled('task', task);
    for (const task of own) {
      const repeated = pairs.some(([source, target]) => !isAutomatic(target) && sameStep(source, task));
      if (repeated && task.labels['active'] !== false) found.addDoubled('task', task);
      else explainTarget('task', 'automatic-task', found);
      this.compareNotes([], task.notes, 'task', found);
      this.compareAttachments([], task.attachments, found);
    }
  }

  private leaveOutInactive(task: DumpTask, found: Findings): void {
    found.explain('inactive-task');
    found.count('task', 'sourceOnly');
    found.count('note', 'sourceOnly', countNotes(task.notes));
    found.count('attachment', 'sourceOnly', task.attachments.length);
  }

  private compareBelowTask(source: DumpTask, target: DumpTask, found: Findings): void {
    this.compareNotes(source.notes, target.notes, 'task', found);
    this.compareAttachments(source.attachments, target.attachments, found);
  }

  private compareNotes(
    sources: readonly DumpNote[],
    targets: readonly DumpNote[],
    level: 'incident' | 'task' | 'thread',
    found: Findings,
  ): void {
    const same = (a: DumpNote, b: DumpNote) => this.noteText(a) === this.noteText(b);
    const [from, to] = [withoutPlaceHolders(sources), withoutPlaceHolders(targets)];
    this.countPlaceHolders(from.dropped, to.dropped, found);
    const sameThread = (a: DumpNote, b: DumpNote) =>
      same(a, b) && clean((trial) => this.compareNotes(a.children, b.children, 'thread', trial));
    const alike = pairUp(from.notes, to.notes, [sameThread, same]);
    const defaultNote =
      level === 'incident' ? alike.surplus.find((note) => isDefaultNote(String(note.labels['text']))) : undefined;
    if (defaultNote) explainTarget('note', 'default-note', found);

    const left = alike.surplus.filter((note) => note !== defaultNote);
    const { pairs, missing, surplus } = pairEdited({ ...alike, surplus: left }, same);
    for (const [source, target] of pairs) {
      if (!same(source, target)) {
        found.addDifference('note', [source, target], 'text', [source.labels['text'], target.labels['text']]);
      }
      this.compareNotes(source.children, target.children, 'thread', found);
    }
    for (const note of missing) found.addMissing('note', note);
    for (const note of surplus) found.addDoubled('note', note);
  }

  private noteText(note: DumpNote): string {
    const text = String(note.labels['text'] ?? '');
    return normaliseText(this.options.noteText?.(text) ?? text);
  }

  private countPlaceHolders(inSource: number, inTarget: number, found: Findings): void {
    if (inSource + inTarget > 0) found.explain('empty-note');
    found.count('note', 'sourceOnly', inSource);
    found.count('note', 'targetOnly', inTarget);
  }

  private compareArtifacts(sources: readonly DumpArtifact[], targets: readonly DumpArtifact[], found: Findings): void {
    const known = sources.filter(({ labels }) => this.fit.artifactType(String(labels['type'])) !== undefined);
    const unknown = sources.filter((artifact) => !known.includes(artifact));
    const sameThing = (a: DumpArtifact, b: DumpArtifact) =>
      this.fit.artifactType(String(a.labels['type'])) === b.labels['type'] && a.labels['value'] === b.labels['value'];
    const sameFile = (a: DumpArtifact, b: DumpArtifact) => a.file?.sha256 === b.file?.sha256;
    const compare = (a: DumpArtifact, b: DumpArtifact, into: Findings) => {
      this.compareFields('artifact', a, b, into);
      const [parent, targetParent] = [parentOf(a, sources), parentOf(b, targets)];
      if (!this.sameParent(parent, targetParent)) {
        into.addDifference('artifact', [a, b], 'parent', [describe(parent), describe(targetParent)]);
      }
      compareFiles('artifact', [a, b], [a.file, b.file], into);
    };
    const sameWhole = (a: DumpArtifact, b: DumpArtifact) => sameThing(a, b) && clean((trial) => compare(a, b, trial));
    const sameContent = (a: DumpArtifact, b: DumpArtifact) => sameThing(a, b) && sameFile(a, b);
    const { pairs, missing, surplus } = pairUp(known, targets, [sameWhole, sameContent, sameThing]);
    for (const [source, target] of pairs) compare(source, target, found);
    for (const artifact of missing) found.addMissing('artifact', artifact);

    const isSubstitute = (a: DumpArtifact, b: DumpArtifact) =>
      a.labels['value'] === b.labels['value'] && sameFile(a, b);
    const substitutes = pairUp(unknown, surplus, [isSubstitute]);
    if (unknown.length > 0) found.explain('missing-artifact-type', unknown.length);
    found.count('artifact', 'sourceOnly', substitutes.missing.length);
    for (const artifact of substitutes.surplus) found.addDoubled('artifact', artifact);
  }

  /** If the target lacks the parent's type, the parent may have another type there, or be absent. */
  private sameParent(source: DumpArtifact | undefined, target: DumpArtifact | undefined): boolean {
    if (!source) return target === undefined;
    const type = this.fit.artifactType(String(source.labels['type']));
    if (type === undefined) return !target || target.labels['value'] === source.labels['value'];
    return target?.labels['type'] === type && target.labels['value'] === source.labels['value'];
  }

  private compareAttachments(
    sources: readonly DumpAttachment[],
    targets: readonly DumpAttachment[],
    found: Findings,
  ): void {
    const sameName = (a: DumpAttachment, b: DumpAttachment) => a.file.name === b.file.name;
    const sameBytes = (a: DumpAttachment, b: DumpAttachment) => a.file.sha256 === b.file.sha256;
    const sameFile = (a: DumpAttachment, b: DumpAttachment) => sameName(a, b) && sameBytes(a, b);
    const sameWhole = (a: DumpAttachment, b: DumpAttachment) =>
      sameFile(a, b) && a.file.contentType === b.file.contentType;
    const { pairs, missing, surplus } = pairUp(sources, targets, [sameWhole, sameFile, sameName, sameBytes]);
    for (const [source, target] of pairs)
      compareFiles('attachment', [source, target], [source.file, target.file], found);
    for (const attachment of missing) found.addMissing('attachment', attachment);
    for (const attachment of surplus) found.addDoubled('attachment', attachment);
  }

  private compareRows(sources: readonly DumpRow[], targets: readonly DumpRow[], found: Findings): void {
    for (const table of new Set([...sources, ...targets].map((row) => row.table))) {
      const ofTable = (row: DumpRow) => row.table === table;
      const [from, to] = [sources.filter(ofTable), targets.filter(ofTable)];
      if (this.fit.hasTable(table)) {
        this.compareSimple(table, from, to, found);
        continue;
      }
      found.explain('missing-table', from.length);
      found.count(table, 'sourceOnly', from.length);
    }
  }

  /** Objects without children, which only their fields distinguish. */
  private compareSimple(
    type: string,
    sources: readonly DumpObject[],
    targets: readonly DumpObject[],
    found: Findings,
  ): void {
    const same = (a: DumpObject, b: DumpObject) => this.sameFields(type, a, b);
    const { pairs, missing, surplus } = pairEdited(pairUp(sources, targets, [same]), same);
    for (const [source, target] of pairs) this.compareFields(type, source, target, found);
    for (const object of missing) found.addMissing(type, object);
    for (const object of surplus) found.addDoubled(type, object);
  }
}

function clean(compare: (trial: Findings) => void): boolean {
  const trial = new Findings();
  compare(trial);
  return trial.clean;
}

function explainTarget(type: string, why: InherentDifference, found: Findings): void {
  found.explain(why);
  found.count(type, 'targetOnly');
}

function compareFiles(
  type: string,
  pair: readonly [DumpObject, DumpObject],
  [a, b]: readonly [DumpFile | null, DumpFile | null],
  found: Findings,
): void {
  const content = (file: DumpFile | null) => file && `${file.size} bytes, sha256 ${file.sha256}`;
  if (content(a) !== content(b)) found.addDifference(type, pair, 'content', [content(a), content(b)]);
  if (a?.name !== b?.name) {
    if (a && b && uploadName(a.name) === b.name) found.explain('file-name-escapes');
    else found.addDifference(type, pair, 'file name', [a?.name, b?.name]);
  }
  if (a?.contentType !== b?.contentType) {
    found.addDifference(type, pair, 'content type', [a?.contentType, b?.contentType]);
  }
}

/** A name as the WHATWG form encoding writes it. */
function uploadName(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function isAutomatic({ labels }: DumpTask): boolean {
  return labels['custom'] === false;
}

function read(labels: Record<string, unknown>, prefix: string | null, name: string): unknown {
  return prefix === null ? labels[name] : section(labels, prefix)[name];
}

function section(labels: Record<string, unknown>, name: string): Record<string, unknown> {
  return (labels[name] ?? {}) as Record<string, unknown>;
}

function parentOf(artifact: DumpArtifact, siblings: readonly DumpArtifact[]): DumpArtifact | undefined {
  return siblings.find(({ id }) => id === artifact.ids['parent_id']);
}

function describe(artifact: DumpArtifact | undefined): string | undefined {
  return artifact && `${String(artifact.labels['type'])} ${String(artifact.labels['value'])}`;
}
