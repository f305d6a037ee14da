import { Configuration } from '../configuration/Configuration.js';
import { RuleEngine } from '../rules/RuleEngine.js';
import type { Broker } from '../stomp/Broker.js';
import { Artifacts } from './objects/Artifacts.js';
import { Attachments } from './objects/Attachments.js';
import { AutoTasks } from './objects/AutoTasks.js';
import { LaterWork } from './LaterWork.js';
import { BundledIncidents } from './objects/BundledIncidents.js';
import { Emails } from './objects/Emails.js';
import { Incidents } from './objects/Incidents.js';
import { Milestones } from './objects/Milestones.js';
import { Notes } from './objects/Notes.js';
import { Rows } from './objects/Rows.js';
import { Tasks } from './objects/Tasks.js';
import type { OrgOptions } from './OrgOptions.js';
import { OrgState } from './OrgState.js';
import type { OrgWorld } from './OrgState.js';
import { SearchIndex } from './search/SearchIndex.js';
import { loadOrg } from '../state/loadOrg.js';
import { saveOrg } from '../state/saveOrg.js';
import type { SavedOrg } from '../state/SavedOrg.js';
import { uuidFrom } from './uuidFrom.js';

/** One organization: the model behind both doors, the REST routes and the analyst's `SimOrg`. */
export class Org {
  readonly state: OrgState;
  readonly tasks: Tasks;
  readonly later = new LaterWork();
  readonly autoTasks: AutoTasks;
  readonly incidents: Incidents;
  readonly bundledIncidents: BundledIncidents;
  readonly notes: Notes;
  readonly artifacts: Artifacts;
  readonly attachments: Attachments;
  readonly milestones: Milestones;
  readonly emails: Emails;
  readonly rows: Rows;
  readonly rules: RuleEngine;
  readonly search: SearchIndex;
  readonly configuration: Configuration;
  readonly uuid: string;

  constructor(options: OrgOptions & { idBase: number }, world: OrgWorld & { broker: () => Broker }) {
    this.uuid = options.uuid ?? uuidFrom(`org:${options.id}:${options.name}`);
    this.state = new OrgState(options, world);
    this.tasks = new Tasks(this.state);
    this.autoTasks = new AutoTasks(this.state, this.tasks, this.later);
    this.incidents = new Incidents(this.state, this.tasks, this.autoTasks);
    this.notes = new Notes(this.state);
    this.artifacts = new Artifacts(this.state);
    this.bundledIncidents = new BundledIncidents(this.state, this, this.later);
    this.attachments = new Attachments(this.state);
    this.milestones = new Milestones(this.state);
    this.emails = new Emails(this.state);
    this.rows = new Rows(this.state);
    this.search = new SearchIndex(this.state);
    this.rules = new RuleEngine(this.state, world.broker);
    this.configuration = new Configuration(this.state, this.rules);
  }

  get id(): number {
    return this.state.options.id;
  }

  get name(): string {
    return this.state.options.name;
  }

  get enabled(): boolean {
    return this.state.options.enabled ?? true;
  }

  /** Returns the objects as they are now, like a backup of the database. */
  backUp(): SavedOrg {
    return saveOrg(this.state);
  }

  /**
   * Restores a backup. As on the platform, this sends no message. `ids: 'given-again'` (default): the ids of objects
   * made since the backup are used again.
   */
  restore(backup: SavedOrg, { ids = 'given-again' }: { ids?: 'given-again' | 'continued' } = {}): void {
    this.later.stop();
    loadOrg(this.state, backup);
    if (ids === 'given-again') this.state.ids.goBackTo(backup.nextIds);
    this.search.rebuild();
  }

  async settled(): Promise<void> {
    await this.later.settled();
    await this.rules.settled();
  }
}
