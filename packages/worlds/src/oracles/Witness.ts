import type { CensusEntry } from '@soar-feed/soar-simulator';
import type { Finding } from './Finding.js';

type Texts = Map<number, string[]>;

/**
 * Looks at both organizations again and again while a world goes on: no object is ever there twice, not even for a while, and none
 * goes back to what it was before. Only values that it has seen at the source itself count, so that it blames nobody for what it
 * missed between two looks.
 */
export class Witness {
  readonly findings: Finding[] = [];
  /** The source's objects that ever had a value, by where and what it is. */
  private readonly owners = new Map<string, Set<number>>();
  private readonly mostOwners = new Map<CensusEntry['type'], number>();
  /** What each object said, one after the other. */
  private readonly atSource = new Map<CensusEntry['type'], Texts>();
  private readonly atTarget = new Map<CensusEntry['type'], Texts>();
  private readonly blamed = new Set<string>();

  look(source: readonly CensusEntry[], target: readonly CensusEntry[]): void {
    this.lookAtSource(source);
    this.seekTwins(target);
    for (const entry of target) this.seekReturn(entry);
  }

  /** For what the source holds only for a moment: an analyst may change a value and change it back at once. */
  lookAtSource(source: readonly CensusEntry[]): void {
    for (const entry of source) this.learn(entry);
  }

  private learn(entry: CensusEntry): void {
    remember(this.atSource, entry);
    const owners = this.owners.get(placeOf(entry)) ?? new Set();
    this.owners.set(placeOf(entry), owners.add(entry.id));
    this.mostOwners.set(entry.type, Math.max(owners.size, this.mostOwners.get(entry.type) ?? 0));
  }

  /** An incident's id differs at the target, so the place there cannot be named: any place of the source may have the most. */
  private seekTwins(target: readonly CensusEntry[]): void {
    const groups = new Map<string, CensusEntry[]>();
    for (const entry of target) {
      if (entry.text !== '') groups.set(placeOf(entry), [...(groups.get(placeOf(entry)) ?? []), entry]);
    }
    for (const group of groups.values()) {
      const { type, text, incidentId } = group[0] as CensusEntry;
      const most = Math.max(1, this.mostOwners.get(type) ?? 0);
      if (group.length <= most) continue;
      const ids = group.map(({ id }) => id).join(', ');
      const where = type === 'incident' ? '' : ` of ${incidentId}`;
      this.blame('twin', `${type} "${text.slice(0, 60)}"${where} was in the target ${group.length} times: ${ids}`);
    }
  }

  private seekReturn(entry: CensusEntry): void {
    const known = [...(this.atSource.get(entry.type)?.values() ?? [])];
    if (entry.text === '' || !known.some((texts) => texts.includes(entry.text))) return;
    const seen = remember(this.atTarget, entry);
    if (seen.length < 3 || known.some((texts) => isWithin(seen, texts))) return;
    const texts = seen.map((text) => JSON.stringify(text.slice(0, 40))).join(', ');
    this.blame('order', `${entry.type} ${entry.id} of the target said ${texts}; no object of the source did`);
  }

  private blame(check: 'twin' | 'order', text: string): void {
    if (this.blamed.has(text)) return;
    this.blamed.add(text);
    this.findings.push({ check, text });
  }
}

function placeOf({ type, text, incidentId }: CensusEntry): string {
  return JSON.stringify(type === 'incident' ? [type, text] : [type, text, incidentId]);
}

/** Returns all that the object said, without what it merely repeated. */
function remember(said: Map<CensusEntry['type'], Texts>, { type, id, text }: CensusEntry): readonly string[] {
  const ofType = said.get(type) ?? new Map<number, string[]>();
  said.set(type, ofType);
  const texts = ofType.get(id) ?? [];
  ofType.set(id, texts);
  if (texts.at(-1) !== text) texts.push(text);
  return texts;
}

/** Whether the texts stand in `all` in this order, perhaps with others between. */
function isWithin(texts: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const text of all) if (text === texts[next]) next += 1;
  return next === texts.length;
}
