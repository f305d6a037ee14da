import type { DestinationOptions } from '../org/OrgOptions.js';
import type { People } from '../org/people/People.js';
import { noObject } from '../org/PlatformError.js';
import { feedUuids } from '../org/schema/feedPackage.js';
import { uuidFrom } from '../org/uuidFrom.js';

export interface Destination {
  readonly id: number;
  readonly name: string;
  readonly expectAck: boolean;
  readonly uuid: string;
  users: number[];
  apiKeys: number[];
}

/** The message destinations of an org. Only principals that a destination lists may consume its queue. */
export class Destinations {
  private readonly byId = new Map<number, Destination>();
  private readonly byName = new Map<string, Destination>();
  private made = 0;

  constructor(
    options: readonly DestinationOptions[],
    private readonly people: People,
    private readonly idBase: number,
  ) {
    for (const { name, expectAck, principals } of options) {
      const listed = (login: string | null) => login !== null && (principals?.includes(login) ?? true);
      const ids = (type: 'user' | 'apikey') =>
        people
          .all(type)
          .filter(({ login }) => listed(login))
          .map(({ dto }) => dto.id);
      this.add({ name, expectAck: expectAck ?? true, users: ids('user'), apiKeys: ids('apikey') });
    }
  }

  add({ uuid, ...more }: Omit<Destination, 'id' | 'uuid'> & { readonly uuid?: string | undefined }): void {
    const name = `destination:${more.name}`;
    const id = this.idBase + 9 + this.made++;
    const destination = { ...more, id, uuid: uuid ?? feedUuids[name] ?? uuidFrom(name) };
    this.byId.set(id, destination);
    this.byName.set(destination.name, destination);
  }

  remove({ id, name }: Destination): void {
    this.byId.delete(id);
    this.byName.delete(name);
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

export function destinationDto({ id, name, expectAck, users, apiKeys, uuid }: Destination): Record<string, unknown> {
  return {
    id,
    name,
    programmatic_name: name,
    destination_type: 0,
    expect_ack: expectAck,
    users,
    api_keys: apiKeys,
    uuid,
    export_key: name,
    tags: [],
  };
}
