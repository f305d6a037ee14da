import { mkdtemp, rm } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { likeliest } from './behaviour/Behaviour.js';
import type { Behaviour } from './behaviour/Behaviour.js';
import type { OrgDump } from './dump/OrgDump.js';
import { FaultList } from './faults/FaultList.js';
import { randomNumbers } from './faults/randomNumbers.js';
import { AnalystDoor } from './org/AnalystDoor.js';
import { Platform } from './org/Platform.js';
import type { SimOrg } from './org/SimOrg.js';
import { Counters } from './requests/Counters.js';
import { startRest } from './rest/startRest.js';
import type { Rest } from './rest/startRest.js';
import type { Simulator, SimulatorOptions } from './Simulator.js';
import { loadState, saveState } from './state/stateFile.js';
import type { Broker } from './stomp/Broker.js';
import { connectActiveMq } from './stomp/connectActiveMq.js';
import { OwnBroker, startBroker } from './stomp/startBroker.js';
import { makeCertificate } from './tls/makeCertificate.js';
import type { Certificate } from './tls/makeCertificate.js';

/**
 * Starts a platform: its REST server, its broker and its orgs. If one part cannot start, the parts that were started
 * before are stopped again.
 *
 * @throws the listen error of a port in use, or the error of connecting to a real ActiveMQ
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const { latencyMs = 0, capacity, clockOffsetMs = 0, now: ours = Date.now } = options;
  const settings: Settings = { behaviour: { ...likeliest, ...options.behaviour }, latencyMs, capacity, clockOffsetMs };
  const now = () => ours() + settings.clockOffsetMs;
  const faults = new FaultList(randomNumbers(options.random ?? 1));
  const counters = new Counters();
  // No message is sent before the start has ended, so the platform and the broker may refer to each other.
  let broker: (Broker & { readonly port: number }) | undefined;
  const platform = new Platform(options.orgs, {
    now,
    steadyNow: ours,
    behaviour: () => settings.behaviour,
    broker: () => broker ?? fail('The broker is not running yet.'),
  });
  const certificates =
    options.tls === false || options.sockets === false ? undefined : await certificatesFor(options, host);
  const closing: (() => Promise<void>)[] = [() => certificates?.remove() ?? Promise.resolve()];
  const stop = async () => {
    platform.stop();
    for (const close of closing.reverse()) await close();
    closing.length = 0;
  };
  try {
    const tls = certificates && { key: certificates.key, cert: certificates.cert };
    broker = await openBroker(options, { host, tls, auth: platform, now });
    closing.push(() => broker?.stop() ?? Promise.resolve());
    broker.onReply((reply) => platform.reply(reply));
    const { onWrite } = options;
    const hooks = {
      ...{ faults, counters, now, latencyMs: () => settings.latencyMs, capacity: () => settings.capacity },
      ...(onWrite && { onWrite }),
    };
    const rest = await startRest({
      host,
      port: options.sockets === false ? undefined : (options.restPort ?? 0),
      tls,
      platform,
      hooks,
    });
    closing.push(() => rest.stop());
    const started = { host, rest, tls: tls !== undefined, caFile: certificates?.caFile ?? '' };
    return new RunningSimulator(started, platform, broker, faults, counters, settings, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What can be changed while it runs. */
type Settings = Pick<Simulator, 'behaviour' | 'latencyMs' | 'capacity' | 'clockOffsetMs'>;

interface Started {
  readonly host: string;
  readonly rest: Rest;
  readonly tls: boolean;
  readonly caFile: string;
}

class RunningSimulator implements Simulator {
  readonly host: string;
  readonly restPort: number;
  readonly restUrl: string;
  readonly stompPort: number;
  readonly caFile: string;
  private readonly rest: Rest;
  private readonly doors: ReadonlyMap<number, SimOrg>;

  constructor(
    { host, rest, tls, caFile }: Started,
    private readonly platform: Platform,
    readonly broker: Broker & { readonly port: number },
    readonly faults: FaultList,
    readonly requests: Counters,
    private readonly settings: Settings,
    readonly stop: () => Promise<void>,
  ) {
    this.host = host;
    this.rest = rest;
    this.restPort = rest.port;
    this.restUrl = `${tls ? 'https' : 'http'}://${host}:${rest.port}`;
    this.stompPort = broker.port;
    this.caFile = caFile;
    const expireSessions = () => platform.sessions.expireAll();
    this.doors = new Map(platform.orgs.map((org) => [org.id, new AnalystDoor(org, expireSessions)]));
  }

  get behaviour(): Behaviour {
    return this.settings.behaviour;
  }

  set behaviour(behaviour: Behaviour) {
    this.settings.behaviour = behaviour;
  }

  get latencyMs(): number {
    return this.settings.latencyMs;
  }

  set latencyMs(latencyMs: number) {
    this.settings.latencyMs = latencyMs;
  }

  get capacity(): number | undefined {
    return this.settings.capacity;
  }

  set capacity(capacity: number | undefined) {
    this.settings.capacity = capacity;
  }

  get clockOffsetMs(): number {
    return this.settings.clockOffsetMs;
  }

  set clockOffsetMs(offsetMs: number) {
    this.settings.clockOffsetMs = offsetMs;
  }

  accept(service: 'rest' | 'stomp', connection: Duplex): void {
    if (service === 'rest') return this.rest.accept(connection);
    if (!(this.broker instanceof OwnBroker)) throw new Error('A real ActiveMQ takes its connections itself.');
    this.broker.accept(connection);
  }

  saveState(file: string): Promise<void> {
    return saveState(file, this.platform, this.broker);
  }

  loadState(file: string): Promise<void> {
    return loadState(file, this.platform, this.broker);
  }

  org(nameOrId: string | number): SimOrg {
    const { id } = this.platform.org(nameOrId);
    return this.doors.get(id) ?? fail(`The org ${id} has no door.`);
  }

  dump(org: string | number): OrgDump {
    return this.org(org).dump();
  }
}

async function certificatesFor(
  { certificateFolder }: SimulatorOptions,
  host: string,
): Promise<Certificate & { remove: () => Promise<void> }> {
  const folder = certificateFolder ?? (await mkdtemp(join(tmpdir(), 'soar-simulator-')));
  const remove = () => (certificateFolder === undefined ? rm(folder, { recursive: true }) : Promise.resolve());
  return { ...(await makeCertificate(folder, [host])), remove };
}

function openBroker(
  { broker = 'own', stompPort, bodyEncoding, sockets = true }: SimulatorOptions,
  own: Pick<Parameters<typeof startBroker>[0], 'host' | 'auth' | 'now'> & {
    tls: { key: string; cert: string } | undefined;
  },
): Promise<Broker & { readonly port: number }> {
  const encoding = bodyEncoding === undefined ? {} : { bodyEncoding };
  if (broker !== 'own') return connectActiveMq({ ...broker, ...encoding });
  const { tls, ...rest } = own;
  return startBroker({ ...rest, port: sockets ? (stompPort ?? 0) : undefined, ...(tls ? { tls } : {}), ...encoding });
}

function fail(message: string): never {
  throw new Error(message);
}
