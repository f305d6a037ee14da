import type { Behaviour } from './behaviour/Behaviour.js';
import type { OrgDump } from './dump/OrgDump.js';
import type { Faults } from './faults/Faults.js';
import type { OrgOptions } from './org/OrgOptions.js';
import type { SimOrg } from './org/SimOrg.js';
import type { RequestCounters } from './requests/RequestCounters.js';
import type { Broker } from './stomp/Broker.js';

export interface SimulatorOptions {
  orgs: OrgOptions[];
  /** Default 127.0.0.1; the certificate names localhost too. */
  host?: string;
  /** 0 (default): any free port. */
  restPort?: number;
  stompPort?: number;
  /** Default true: a CA and a server certificate are made at start. */
  tls?: boolean;
  /** Where they are written; default: a new temporary folder that `stop` removes. */
  certificateFolder?: string;
  /** 'own' (default): the built-in STOMP broker. Else a real ActiveMQ at `stomp://host:port` or `stomp+ssl://host:port`. */
  broker?: 'own' | { url: string; login: string; passcode: string; caFile?: string };
  /** How message bodies are written to the wire; the platform is seen to send CESU-8. Default UTF-8. */
  bodyEncoding?: 'utf-8' | 'cesu-8';
  behaviour?: Partial<Behaviour>;
  /** Default 0; see `Simulator.clockOffsetMs`. */
  clockOffsetMs?: number;
  /** Added to every REST answer. */
  latencyMs?: number;
  /** Seed of everything random. */
  random?: number;
  /** The server's clock, ms since the epoch. */
  now?: () => number;
}

export interface Simulator {
  /** `https://127.0.0.1:<port>`, without `/rest`. */
  readonly restUrl: string;
  readonly restPort: number;
  readonly stompPort: number;
  readonly host: string;
  /** The CA's certificate (PEM); empty without TLS. */
  readonly caFile: string;
  readonly faults: Faults;
  readonly requests: RequestCounters;
  readonly broker: Broker;
  /** May be changed while running. */
  behaviour: Behaviour;
  latencyMs: number;
  /** What the whole server's clock is ahead of ours, ms; an org may have an offset of its own besides. */
  clockOffsetMs: number;
  /** By name, uuid or id. Throws when there is none. */
  org(nameOrId: string | number): SimOrg;
  dump(org: string | number): OrgDump;
  /** Writes everything that a restart keeps to a file: objects, ids, rules, destinations, queued messages. */
  saveState(file: string): Promise<void>;
  /**
   * Puts a saved state back. The orgs must be those it was saved of, with the same options.
   *
   * @throws Error for a file that is no state, or a state of other orgs
   */
  loadState(file: string): Promise<void>;
  stop(): Promise<void>;
}
