import { isIncident, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { Creates, Link } from './Creates.js';
import type { Intent } from './Intent.js';
import type { Mapping } from './Mapping.js';
import type { MappingWrite } from './table/applyWrites.js';

/** `ending`: the running commit that ends the create; without it the create is open. */
interface Create {
  readonly intent: Intent;
  readonly ending?: Promise<void>;
}

/** What `OpenCreates` needs of the database and of the rows. */
interface Table {
  /** `patient`: nobody waits for the commit now. */
  write(write: MappingWrite, options?: { readonly patient?: boolean }): Promise<void>;
  /** Shows the row at once; takes it back if `commit` rejects. */
  put(mapping: Mapping, commit: Promise<void>): Promise<void>;
}

/** The creates that are open, and the incidents of the target that one of them has claimed. */
export class OpenCreates implements Creates {
  /** By `keyText` of the source object. */
  private readonly creates = new Map<string, Create>();
  /** `keyText` of the source incident, by id of the target's. */
  private readonly claims = new Map<number, string>();

  constructor(private readonly table: Table) {}

  /** The mapping was opened: these are the intents that it holds. */
  opened(intents: readonly Intent[]): void {
    this.creates.clear();
    this.claims.clear();
    for (const intent of intents) this.creates.set(keyText(intent.source), { intent });
  }

  intent(source: ObjectKey): Intent | undefined {
    const create = this.creates.get(keyText(source));
    return create?.ending === undefined ? create?.intent : undefined;
  }

  openIn(targetIncidentId: number, of: ObjectKey): readonly Intent[] {
    const intents = [...this.creates.values()].map(({ intent }) => intent);
    return intents.filter((intent) => intent.targetIncidentId === targetIncidentId || isAlong(intent, of));
  }

  along(incident: ObjectKey): readonly Intent[] {
    const open = [...this.creates.values()].filter(({ ending }) => ending === undefined);
    return open.map(({ intent }) => intent).filter((intent) => isAlong(intent, incident));
  }

  ending(source: ObjectKey): Promise<void> | undefined {
    return this.creates.get(keyText(source))?.ending;
  }

  async begin(intent: Intent): Promise<void> {
    await this.table.write({ begin: intent });
    this.creates.set(keyText(intent.source), { intent });
  }

  async end(source: ObjectKey, only?: Intent): Promise<void> {
    const intent = this.intent(source);
    if (intent === undefined || (only !== undefined && intent !== only)) return;
    await this.endWith(this.table.write({ end: source }, { patient: true }), intent);
  }

  // Until the first `await` nothing else runs: row, end and next intent become visible together.
  async link(source: ObjectKey, link: Link): Promise<void> {
    const intent = this.intent(source);
    const { next } = link;
    if (next !== undefined) this.creates.set(keyText(next.source), { intent: next });
    const write = { link: { source, link }, begin: next, ...(intent === undefined ? {} : { end: source }) };
    const commit = this.table.put(rowOf(source, link), this.table.write(write, { patient: true }));
    try {
      await (intent === undefined ? commit : this.endWith(commit, intent));
    } catch (error) {
      if (next !== undefined) this.creates.delete(keyText(next.source));
      throw error;
    }
  }

  claim(targetIncidentId: number, source: ObjectKey): boolean {
    const owner = this.claims.get(targetIncidentId) ?? keyText(source);
    this.claims.set(targetIncidentId, owner);
    return owner === keyText(source);
  }

  /** If the commit fails, the create is open again. A newer create of the same object is left alone. */
  private async endWith(commit: Promise<void>, intent: Intent): Promise<void> {
    const name = keyText(intent.source);
    const ending: Create = { intent, ending: commit };
    this.creates.set(name, ending);
    try {
      await commit;
      if (this.creates.get(name) === ending) this.creates.delete(name);
    } catch (error) {
      if (this.creates.get(name) === ending) this.creates.set(name, { intent });
      throw error;
    }
  }
}

function rowOf(source: ObjectKey, { target, digests, version, flags = {} }: Link): Mapping {
  const row = { source, state: 'active', target, digests, flags, verified: true } as const;
  return version === undefined ? row : { ...row, version };
}

function isAlong({ source, targetIncidentId }: Intent, { orgId, incidentId }: ObjectKey): boolean {
  const isOfIncident = source.orgId === orgId && source.incidentId === incidentId;
  return isOfIncident && targetIncidentId === undefined && !isIncident(source);
}
