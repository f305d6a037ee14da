import type { Behaviour } from '../../behaviour/Behaviour.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { LaterWork } from '../LaterWork.js';
import type { OrgState } from '../OrgState.js';
import { invalid, PlatformError } from '../PlatformError.js';
import type { IncidentRecord } from '../records.js';
import type { Artifacts } from './Artifacts.js';
import type { Incidents } from './Incidents.js';
import type { Notes } from './Notes.js';

type Taken = Behaviour['bundledObjects'];

const LATE_MS = 300;

const NOTES_WHERE: ReadonlySet<Taken> = new Set(['taken', 'notes-only', 'merged']);
const ARTIFACTS_WHERE: ReadonlySet<Taken> = new Set(['taken', 'artifacts-only', 'merged']);

/** Incidents that are created with notes and artifacts in one request: with all of them, or not at all. */
export class BundledIncidents {
  constructor(
    private readonly org: OrgState,
    private readonly parts: { readonly incidents: Incidents; readonly notes: Notes; readonly artifacts: Artifacts },
    private readonly later: LaterWork,
  ) {}

  create(body: Bag, write: WriteContext): IncidentRecord {
    const { bundledObjects: taken } = this.org.behaviour;
    const [comments, artifacts] = [listIn(body, 'comments'), listIn(body, 'artifacts')];
    if (taken === 'refused' && comments.length + artifacts.length > 0)
      throw invalid('An incident cannot be created with comments or artifacts.');
    if (taken === 'ignored' && comments.length + artifacts.length > 0) this.org.ignoredBundles += 1;
    return this.org.journal.within(write, () => {
      const record = this.parts.incidents.create(body, write);
      try {
        if (taken === 'late') this.addLater(record, comments, artifacts, write);
        if (NOTES_WHERE.has(taken)) this.addNotes(record, comments, write);
        if (ARTIFACTS_WHERE.has(taken))
          this.addArtifacts(record, taken === 'merged' ? oneOfEachType(artifacts) : artifacts, write);
        return record;
      } catch (error) {
        this.parts.incidents.forget(record);
        throw error;
      }
    });
  }

  /** Whoever asks in between does not find them. What is not valid, or has lost its incident, is left out. */
  private addLater(
    record: IncidentRecord,
    notes: readonly Bag[],
    artifacts: readonly Bag[],
    write: WriteContext,
  ): void {
    const works = [
      ...notes.map((note) => () => this.addNotes(record, [note], write)),
      ...artifacts.map((artifact) => () => this.addArtifacts(record, [artifact], write)),
    ];
    const unlessInvalid = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
      }
    };
    this.later.add(() => this.org.journal.within(write, () => works.forEach(unlessInvalid)), LATE_MS);
  }

  private addNotes({ dto: { id } }: IncidentRecord, notes: readonly Bag[], write: WriteContext): void {
    for (const { text } of notes) this.parts.notes.create({ incidentId: id }, text, null, write);
  }

  private addArtifacts({ dto: { id } }: IncidentRecord, artifacts: readonly Bag[], write: WriteContext): void {
    for (const artifact of artifacts) this.parts.artifacts.create(id, artifact, write);
  }
}

function listIn(body: Bag, name: string): readonly Bag[] {
  const list = body[name];
  return Array.isArray(list) ? list.map(asBag) : [];
}

function oneOfEachType(artifacts: readonly Bag[]): readonly Bag[] {
  const types = artifacts.map(({ type }) => JSON.stringify(type));
  return artifacts.filter((_, at) => types.indexOf(types[at] ?? '') === at);
}
