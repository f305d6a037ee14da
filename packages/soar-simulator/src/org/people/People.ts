import type { PrincipalDto, UserDto } from '../dto/common.js';
import type { ApiKeyOptions, GroupOptions, UserOptions } from '../OrgOptions.js';
import { option, OptionSet } from '../schema/OptionSet.js';

export interface Principal {
  readonly dto: PrincipalDto;
  /** Only for users. */
  readonly user: UserDto | null;
  /** What it logs in with: the e-mail address of a user, the key id of an API key. */
  readonly login: string | null;
  /** Password or secret. */
  secret: string | null;
  /** E-mail addresses; only for groups. */
  readonly members: readonly string[];
}

/** Users, groups and API keys of an org. They share one set of ids, as on the platform. */
export class People {
  /** Values of every owner, member and creator field: "First Last (e-mail)", or just the name. */
  readonly options = new OptionSet();
  private readonly byId = new Map<number, Principal>();
  private readonly byName = new Map<string, Principal>();
  private readonly byLogin = new Map<string, Principal>();
  private nextId: number;

  constructor(
    users: readonly UserOptions[],
    groups: readonly GroupOptions[],
    apiKeys: readonly ApiKeyOptions[],
    idBase: number,
  ) {
    this.nextId = idBase + 1;
    for (const user of users) this.addUser(user);
    for (const group of groups) this.addGroup(group);
    for (const key of apiKeys) this.addApiKey(key);
  }

  get(id: unknown): Principal | undefined {
    return this.byId.get(id as number);
  }

  /** By e-mail, group name, API key name, or the full label of a user. */
  find(name: string): Principal | undefined {
    return this.byName.get(name);
  }

  ofLogin(login: string): Principal | undefined {
    return this.byLogin.get(login);
  }

  all(type?: PrincipalDto['type']): Principal[] {
    return [...this.byId.values()].filter((each) => type === undefined || each.dto.type === type);
  }

  /** Throws if nobody logs in by this name. */
  changeSecret(login: string, secret: string): void {
    const principal = this.byLogin.get(login);
    if (principal === undefined) throw new Error(`Nobody logs in as ${login}.`);
    principal.secret = secret;
  }

  private addUser(from: UserOptions): void {
    const [fname, lname] = [from.fname ?? capital(from.email.split(/[@.]/)[0] ?? 'User'), from.lname ?? 'User'];
    const displayName = `${fname} ${lname}`;
    const id = from.id ?? this.nextId++;
    const user: UserDto = {
      id,
      fname,
      lname,
      display_name: displayName,
      email: from.email,
      status: from.status ?? 'A',
      locked: false,
      is_external: false,
      password_changed: false,
      cell: '',
      phone: '',
      title: '',
      notes: null,
      last_login: null,
      ui_theme: 'darkmode',
    };
    this.add(
      {
        dto: { id, type: 'user', name: from.email, display_name: displayName },
        user,
        login: from.email,
        secret: from.password ?? null,
        members: [],
      },
      `${displayName} (${from.email})`,
    );
  }

  private addGroup(from: GroupOptions): void {
    const dto: PrincipalDto = { id: this.nextId++, type: 'group', name: from.name, display_name: from.name };
    this.add({ dto, user: null, login: null, secret: null, members: from.members ?? [] }, from.name);
  }

  private addApiKey(from: ApiKeyOptions): void {
    const name = from.displayName ?? from.keyId;
    const dto: PrincipalDto = { id: from.id ?? this.nextId++, type: 'apikey', name, display_name: name };
    this.add({ dto, user: null, login: from.keyId, secret: from.secret, members: [] }, name);
  }

  private add(principal: Principal, label: string): void {
    const { id, name } = principal.dto;
    this.byId.set(id, principal);
    this.byName.set(label, principal);
    this.byName.set(name, principal);
    if (principal.login !== null) this.byLogin.set(principal.login, principal);
    this.options.add(option(id, label));
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
