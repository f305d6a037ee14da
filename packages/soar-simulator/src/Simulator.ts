import type { Duplex } from 'node:stream';
import type { Behaviour } from './behaviour/Behaviour.js';
import type { OrgDump } from './dump/OrgDump.js';
import type { Faults } from './faults/Faults.js';
import type { OrgOptions } from './org/OrgOptions.js';
import type { SimOrg } from './org/SimOrg.js';
import type { HeardWrite, RequestCounters } from './requests/RequestCounters.js';
import type { Broker } from './stomp/Broker.js';

export interface SimulatorOptions {
  orgs: OrgOptions[];
  /** Default 127.0.0.1; the certificate names localhost too. */
  host?: string;
  /** 0 (default): any free port. */
  restPort?: number;
  stompPort?: number;
  /** Default true: the start makes a CA and a server certificate. */
  tls?: boolean;
  /** False: it opens no port, and takes only the connections that `accept` brings, without TLS. Default true. */
  sockets?: boolean;
  /** Folder for them; default: a new temporary folder that `stop` removes. */
  certificateFolder?: string;
  /**
   * 'own' (default): the built-in STOMP broker. Otherwise a real ActiveMQ at `stomp://host:port` or
   * `stomp+ssl://host:port`.
   */
  broker?: 'own' | { url: string; login: string; passcode: string; caFile?: string };
  /** How message bodies are encoded. Default UTF-8; the platform has been seen to send CESU-8. */
  bodyEncoding?: 'utf-8' | 'cesu-8';
  behaviour?: Partial<Behaviour>;
  /** Default 0; see `Simulator.clockOffsetMs`. */
  clockOffsetMs?: number;
  /** Added to every REST answer. */
  latencyMs?: number;
  /** See `Simulator.capacity`. */
  capacity?: number | undefined;
  /** Seed of all randomness. */
  random?: number;
  /** The server's clock, ms since the epoch. */
  now?: () => number;
  /** Hears each request that is not a GET once its body was read, before it takes effect. */
  onWrite?: (write: HeardWrite) => void;
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
  /** You can change it while the simulator runs. */
  behaviour: Behaviour;
  latencyMs: number;
  /** So many requests of an org are served at once, `latencyMs` included; further ones wait in line. Default: all. */
  capacity: number | undefined;
  /** How far the whole server's clock is ahead of ours, ms; an org may add an offset of its own. */
  clockOffsetMs: number;
  /** By name, uuid or id. Throws if there is no such org. */
  org(nameOrId: string | number): SimOrg;
  dump(org: string | number): OrgDump;
  /** Serves REST or STOMP on a connection that somebody else made. Throws for STOMP if the broker is not our own. */
  accept(service: 'rest' | 'stomp', connection: Duplex): void;
  /** Writes everything that survives a restart to a file: objects, ids, rules, destinations, queued messages. */
  saveState(file: string): Promise<void>;
  /**
   * Restores a saved state. The orgs must be the ones that were saved, with the same options.
   *
   * @throws Error for a file that is not a state, or is the state of other orgs
   */
  loadState(file: string): Promise<void>;
  stop(): Promise<void>;
}
