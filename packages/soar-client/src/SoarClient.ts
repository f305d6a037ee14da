import type { ConnectOptions } from './connect/ConnectOptions.js';
import type { SoarConnection } from './connect/SoarConnection.js';
import { openSession } from './connect/openSession.js';
import type { OpenSession } from './connect/openSession.js';
import type { ServerClock } from './connect/ServerClock.js';
import type { Org, Principal } from './model/Org.js';
import type { SoarRest } from './rest/SoarRest.js';
import { Artifacts } from './resources/Artifacts.js';
import { ArtifactTypes } from './resources/ArtifactTypes.js';
import { Attachments } from './resources/Attachments.js';
import { Configurations } from './resources/Configurations.js';
import { DataTables } from './resources/DataTables.js';
import { Groups } from './resources/Groups.js';
import { Incidents } from './resources/Incidents.js';
import { IncidentTypes } from './resources/IncidentTypes.js';
import { MessageDestinations } from './resources/MessageDestinations.js';
import { Milestones } from './resources/Milestones.js';
import { Notes } from './resources/Notes.js';
import { Phases } from './resources/Phases.js';
import { Search } from './resources/Search.js';
import { Tasks } from './resources/Tasks.js';
import { Timers } from './resources/Timers.js';
import { Types } from './resources/Types.js';
import { Users } from './resources/Users.js';
import { Workspaces } from './resources/Workspaces.js';

/** One organization of one IBM SOAR server. Every method throws SoarApiError and nothing else. */
export class SoarClient {
  readonly host: string;
  readonly org: Org;
  readonly principal: Principal;
  /** The clock of the server, measured against ours. */
  readonly clock: ServerClock;
  /** For endpoints without a resource here. */
  readonly rest: SoarRest;

  readonly incidents: Incidents;
  readonly tasks: Tasks;
  readonly notes: Notes;
  readonly artifacts: Artifacts;
  readonly attachments: Attachments;
  readonly milestones: Milestones;
  readonly dataTables: DataTables;
  readonly timers: Timers;
  readonly types: Types;
  readonly users: Users;
  readonly groups: Groups;
  readonly workspaces: Workspaces;
  readonly artifactTypes: ArtifactTypes;
  readonly incidentTypes: IncidentTypes;
  readonly phases: Phases;
  readonly search: Search;
  readonly messageDestinations: MessageDestinations;
  readonly configurations: Configurations;

  /** Logs in and picks the organization. */
  static async connect(connection: SoarConnection, options: ConnectOptions = {}): Promise<SoarClient> {
    return new SoarClient(connection.host, await openSession(connection, options));
  }

  private constructor(
    host: string,
    private readonly session: OpenSession,
  ) {
    const { rest, clock, org, principal } = session;
    this.host = host;
    this.org = org;
    this.principal = principal;
    this.clock = clock;
    this.rest = rest;
    this.incidents = new Incidents(rest);
    this.tasks = new Tasks(rest);
    this.notes = new Notes(rest);
    this.artifacts = new Artifacts(rest);
    this.attachments = new Attachments(rest);
    this.milestones = new Milestones(rest);
    this.dataTables = new DataTables(rest);
    this.timers = new Timers(rest);
    this.types = new Types(rest);
    this.users = new Users(rest);
    this.groups = new Groups(rest);
    this.workspaces = new Workspaces(rest);
    this.artifactTypes = new ArtifactTypes(rest);
    this.incidentTypes = new IncidentTypes(rest);
    this.phases = new Phases(rest);
    this.search = new Search(rest, org.id);
    this.messageDestinations = new MessageDestinations(rest);
    this.configurations = new Configurations(rest);
  }

  /**
   * Proves a new password or key of the same account, and uses it from the next request on. If it throws, the old one
   * stays in use: the code is `another-account` if the new login is somebody else's.
   */
  async logIn(connection: SoarConnection, signal?: AbortSignal): Promise<void> {
    await this.session.logIn(connection, signal);
  }

  /** Closes the sockets; requests in progress fail. Idempotent. */
  close(): Promise<void> {
    this.session.close();
    return Promise.resolve();
  }
}
