import type { ArtifactTypeOptions } from '../SchemaOptions.js';
import { option, OptionSet } from './OptionSet.js';

export interface ArtifactType {
  readonly id: number;
  readonly name: string;
  readonly programmaticName: string;
  readonly file: boolean;
  readonly multiAware: boolean;
  readonly allowDuplicate: boolean;
  readonly csv: boolean;
  readonly custom: boolean;
}

/** The artifact types of an org; `options` are the values of the artifact's `type` field. */
export class ArtifactTypes {
  readonly options = new OptionSet();
  private readonly byId = new Map<number, ArtifactType>();
  private readonly byName = new Map<string, ArtifactType>();
  private readonly byProgrammaticName = new Map<string, ArtifactType>();
  private customTypes = 0;

  constructor(
    omitted: ReadonlySet<string>,
    custom: readonly ArtifactTypeOptions[],
    private readonly idBase: number,
  ) {
    for (const type of builtIn()) if (!omitted.has(type.name)) this.add(type);
    for (const type of custom) this.addCustom(type);
  }

  addCustom(type: ArtifactTypeOptions): void {
    this.add({
      id: this.idBase + 1000 + this.customTypes++,
      name: type.name,
      programmaticName: type.programmaticName,
      file: type.file ?? false,
      multiAware: type.multiAware ?? false,
      allowDuplicate: type.allowDuplicate ?? true,
      csv: type.csv ?? false,
      custom: true,
    });
  }

  get(id: unknown): ArtifactType | undefined {
    return this.byId.get(id as number);
  }

  /** Finds custom types by label only if asked to: IBM says that the platform wants their programmatic name. */
  find(name: string, customByLabel: boolean): ArtifactType | undefined {
    const named = this.byName.get(name);
    if (named && (!named.custom || customByLabel)) return named;
    return this.byProgrammaticName.get(name);
  }

  all(): IterableIterator<ArtifactType> {
    return this.byId.values();
  }

  private add(type: ArtifactType): void {
    this.byId.set(type.id, type);
    this.byName.set(type.name, type);
    this.byProgrammaticName.set(type.programmaticName, type);
    this.options.add(
      option(type.id, type.name, {
        properties: { multi_aware: type.multiAware, allow_duplicate: type.allowDuplicate },
      }),
    );
  }
}

// id:name; `+` may be duplicated, `f` holds a file, `c` is split at commas (which types are split is unconfirmed).
const builtInTypes = `
  2c:DNS Name|7+f:Email Attachment|8:Email Attachment Name|6:Email Body|20c:Email Recipient|9:Email Sender
  19:Email Sender Name|5:Email Subject|31:File Name|37:File Path|34:HTTP Request Header|35:HTTP Response Header
  1c:IP Address|15+f:Log File|39:MAC Address|45:Malware Family/Variant|13c:Malware MD5 Hash|12f:Malware Sample
  22:Malware Sample Fuzzy Hash|14c:Malware SHA-1 Hash|38c:Malware SHA-256 Hash|48c:Malware SHA-512 Hash|30:Mutex
  44:Network CIDR Range|47:Network Traffic|46+:Observed Data|16+f:Other File|32:Password|27:Port|26:Process Name
  24:Registry Key|4+f:RFC 822 Email Message File|28:Service|29:String|25:System Name|43:Threat CVE ID|42:URI Path
  3:URL|40:URL Referer|23:User Account|41:User Agent|36+f:X509 Certificate File`;

/** Their ids are the same on every server. */
function* builtIn(): Iterable<ArtifactType> {
  for (const text of builtInTypes.split(/[|\n]/)) {
    const [, id, flags, name] = /^\s*(\d+)([+fc]*):(.+?)\s*$/.exec(text) ?? [];
    if (id === undefined || flags === undefined || name === undefined) continue;
    yield {
      id: Number(id),
      name,
      programmaticName: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
      file: flags.includes('f'),
      multiAware: false,
      allowDuplicate: flags.includes('+'),
      csv: flags.includes('c'),
      custom: false,
    };
  }
}
