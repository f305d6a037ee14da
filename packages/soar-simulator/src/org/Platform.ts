import type { Behaviour } from '../behaviour/Behaviour.js';
import type { Broker, BrokerAuth, BrokerReply } from '../stomp/Broker.js';
import { Org } from './Org.js';
import type { OrgOptions } from './OrgOptions.js';
import { Sessions } from './Sessions.js';

export interface PlatformWorld {
  behaviour: () => Behaviour;
  now: () => number;
  steadyNow: () => number;
  broker: () => Broker;
}

/** An API key or e-mail address that may log in, with every org that knows it by this secret. */
export interface Login {
  readonly name: string;
  readonly kind: 'user' | 'apikey';
  readonly orgs: readonly Org[];
}

/** The distance between the ids of equal labels in the orgs of one platform, unless their options say otherwise. */
const idStep = 10_000;

/** The organizations of one server, and who may enter them. */
export class Platform implements BrokerAuth {
  readonly orgs: readonly Org[];
  readonly sessions: Sessions;
  /** Logins; the index is the number by which the broker knows them. */
  private readonly brokerIds: string[] = [];

  constructor(
    orgs: readonly OrgOptions[],
    private readonly world: PlatformWorld,
  ) {
    this.orgs = orgs.map((options, i) => new Org({ ...options, idBase: options.idBase ?? i * idStep }, world));
    this.sessions = new Sessions(world.now);
    if (new Set(this.orgs.map(({ id }) => id)).size < orgs.length) throw new Error('Two orgs have the same id.');
  }

  get behaviour(): Behaviour {
    return this.world.behaviour();
  }

  org(nameOrId: string | number): Org {
    const org = this.orgs.find(({ id, name, uuid }) => id === nameOrId || name === nameOrId || uuid === nameOrId);
    if (org) return org;
    const names = this.orgs.map(({ id, name }) => `"${name}" (${id})`).join(', ');
    throw new Error(`There is no org ${JSON.stringify(nameOrId)}; there are ${names}.`);
  }

  /** undefined: unknown, or a wrong secret. Inactive users count as unknown. */
  login(name: string, secret: string): Login | undefined {
    const matches = this.orgs.flatMap((org) => {
      const principal = org.state.people.ofLogin(name);
      const valid = principal?.secret === secret && principal.user?.status !== 'I';
      return principal && valid ? [{ org, kind: principal.dto.type }] : [];
    });
    const [first] = matches;
    if (!first) return undefined;
    return { name, kind: first.kind === 'apikey' ? 'apikey' : 'user', orgs: matches.map(({ org }) => org) };
  }

  authenticate(login: string, passcode: string): { principalId: number } | undefined {
    if (!this.login(login, passcode)) return undefined;
    const known = this.brokerIds.indexOf(login);
    return { principalId: known >= 0 ? known : this.brokerIds.push(login) - 1 };
  }

  mayConsume(principalId: number, queue: string): boolean {
    const [, orgId, name] = /^actions\.(\d+)\.(.+)$/.exec(queue) ?? [];
    const login = this.brokerIds[principalId];
    const org = this.orgs.find(({ id }) => id === Number(orgId));
    return login !== undefined && name !== undefined && (org?.rules.destinations.mayConsume(login, name) ?? false);
  }

  reply(reply: BrokerReply): void {
    const [, orgId] = /^acks\.(\d+)\./.exec(reply.destination) ?? [];
    this.orgs.find(({ id }) => id === Number(orgId))?.rules.reply(reply);
  }

  stop(): void {
    for (const org of this.orgs) org.later.stop();
  }
}
