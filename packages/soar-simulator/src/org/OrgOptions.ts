import type { SchemaOptions } from './SchemaOptions.js';

/** One organization of the simulated platform. Everything that you omit gets a working default. */
export interface OrgOptions {
  id: number;
  name: string;
  uuid?: string;
  cloudAccount?: string | null;
  /** false: the org is listed in the session, marked disabled, and its paths answer 403. */
  enabled?: boolean;
  /**
   * Added to the ids of options, fields, principals, phases, workspaces, incident types, tables and objects, so that
   * the same label has different ids in different orgs. Default: 0 for the first org, 10,000 more for each further one.
   */
  idBase?: number;
  schema?: SchemaOptions;
  /** Default: one, `admin@example.com`. */
  users?: UserOptions[];
  groups?: GroupOptions[];
  /** Default: one, id `key-<org id>`, secret `secret-<org id>`. */
  apiKeys?: ApiKeyOptions[];
  /** Labels; the first one is the default workspace. Default: "Default workspace". */
  workspaces?: string[];
  /**
   * Tasks that the platform adds when an incident gets one of the types. Default: a small set for Malware and Phishing.
   */
  autoTasks?: AutoTaskOptions[];
  /** Default: one queue, `feed_data`, which every user and API key of the org may consume. */
  destinations?: DestinationOptions[];
  /** Queue of the automatic rules, one per object type. Default `feed_data`; false: no rules at all. */
  feedQueue?: string | false;
  functions?: FunctionOptions[];
  /**
   * false: a fresh org, without anything of IBM's feed package: no destination, rules, function or their fields. They can
   * be imported. Default true.
   */
  feedPackage?: boolean;
  attachmentsEnabled?: boolean;
  incidentDeletionAllowed?: boolean;
  /** true: closing an incident with open required tasks is refused. */
  finalPhaseRequired?: boolean;
  tasksPrivate?: boolean;
  actionsFrameworkEnabled?: boolean;
  sessionTimeoutSeconds?: number;
}

export interface UserOptions {
  email: string;
  fname?: string;
  lname?: string;
  password?: string;
  /** Only to give a principal the same id in several orgs. */
  id?: number;
  /** 'A' active (default), 'I' inactive. */
  status?: 'A' | 'I';
}

export interface GroupOptions {
  name: string;
  /** E-mail addresses. */
  members?: string[];
}

export interface ApiKeyOptions {
  keyId: string;
  secret: string;
  displayName?: string;
  id?: number;
}

export interface AutoTaskOptions {
  name: string;
  /** Label of the incident type; '*' adds the task to every incident. */
  incidentType: string;
  phase?: string;
  required?: boolean;
  instructions?: string;
  category?: string;
}

export interface DestinationOptions {
  name: string;
  expectAck?: boolean;
  /** E-mail addresses and API key ids that may consume it; default: all users and API keys of the org. */
  principals?: string[];
}

export interface FunctionOptions {
  name: string;
  displayName?: string;
  /** Programmatic name of the destination. */
  destination: string;
}
