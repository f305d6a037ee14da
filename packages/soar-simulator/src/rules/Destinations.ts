import type { DestinationOptions } from '../org/OrgOptions.js';
import type { People } from '../org/people/People.js';
import { noObject } from '../org/PlatformError.js';
import { uuidFrom } from '../org/uuidFrom.js';

export interface Destination {
  readonly id: number;
  readonly name: string;
  readonly expectAck: boolean;
  users: number[];
  apiKeys: number[];
}

/** The message destinations of an org. Only principals that a destination lists may consume its queue. */
export class Destinations {
  private readonly byId = new Map<number, Destination>();
  private readonly byName = new Map<string, Destination>();

  constructor(
    options: readonly DestinationOptions[],
    private readonly people: People,
    idBase: number,
  ) {
    options.forEach(({ name, expectAck, principals }, i) => {
      const listed = (login: string | null) => login !== null && (principals?.includes(login) ?? true);
      const ids = (type: 'user' | 'apikey') =>
        people
          .all(type)
          .filter(({ login }) => listed(login))
          .map(({ dto }) => dto.id);
      const id = idBase + 9 + i;
      const destination = { id, name, expectAck: expectAck ?? true, users: ids('user'), apiKeys: ids('apikey') };
      this.byId.set(id, destination);
      this.byName.set(name, destination);
    });
  }

  get(name: string): Destination | undefined {
    return this.byName.get(name);
  }

  at(id: number): Destination {
    const destination = this.byId.get(id);
    if (!destination) throw noObject(id);
    return destination;
  }

  all(): Destination[] {
    return [...this.byId.values()];
  }

  mayConsume(login: string, name: string): boolean {
    const destination = this.byName.get(name);
    const id = this.people.ofLogin(login)?.dto.id;
    return destination !== undefined && id !== undefined && [...destination.users, ...destination.apiKeys].includes(id);
  }
}

export function destinationDto({ id, name, expectAck, users, apiKeys }: Destination): Record<string, unknown> {
  return {
    id,
    name,
    programmatic_name: name,
    destination_type: 0,
    expect_ack: expectAck,
    users,
    api_keys: apiKeys,
    uuid: uuidFrom(`destination:${name}`),
    export_key: name,
    tags: [],
  };
}
