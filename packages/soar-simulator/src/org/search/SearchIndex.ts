import { writeJson } from '../../json/writeJson.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { OrgState } from '../OrgState.js';
import { invalid } from '../PlatformError.js';
import { matchesAny, readFilters } from '../query/conditions.js';
import type { IncidentRecord } from '../records.js';
import { rowCells } from '../values/showRow.js';
import { showObject } from '../values/showValue.js';
import type { Format } from '../values/showValue.js';
import { objectsOf } from './objectsOf.js';
import type { Found } from './objectsOf.js';
import { parseQuery } from './parseQuery.js';
import type { SearchQuery } from './parseQuery.js';

interface Entry {
  readonly key: string;
  readonly incidentId: number;
  readonly kind: string;
  readonly result: Bag;
}

/**
 * What `search_ex` sees. Without a lag, that is the org as it is. With a lag (the switch `searchLagMs`), until the lag
 * has passed, a new object is invisible, a changed one shows its last indexed state, and a deleted one is still found.
 */
export class SearchIndex {
  /** Indexed states of the objects that changed while there was a lag. */
  private readonly indexed = new Map<string, Entry>();
  private pending: { atMs: number; key: string; entry: Entry | undefined }[] = [];

  constructor(private readonly org: OrgState) {
    org.journal.onChanges((changes) => {
      if (org.behaviour.searchLagMs <= 0) return;
      for (const change of changes) {
        const table = org.schema.type(change.type);
        const kind = table.isTable ? 'datatable' : change.type;
        const key = `${kind}:${change.id}`;
        const gone = change.operation === 'deleted';
        const found = gone ? undefined : Array.from(objectsOf(change.incident)).find((each) => keyOf(each) === key);
        this.pending.push({ atMs: org.steadyNow(), key, entry: found && this.entry(found) });
      }
    });
  }

  /** Call this after a restore: rebuilds the index from the current objects. */
  rebuild(): void {
    this.indexed.clear();
    this.pending = [];
  }

  /** Answers a search_ex request with this body; `types` are type names, `datatable` stands for all tables. */
  search(body: Bag): Bag {
    const wanted = new Set(Array.isArray(body['types']) ? (body['types'] as unknown[]).map(String) : []);
    const { emailSearch } = this.org.behaviour;
    if (wanted.has('__emailmessage') && emailSearch === 'refused')
      throw invalid('The type __emailmessage cannot be searched.');
    if (emailSearch !== 'found') wanted.delete('__emailmessage');
    if (wanted.size === 0 && Array.isArray(body['types']) && body['types'].length > 0) return { results: [] };
    const query = parseQuery(String(body['query'] ?? ''));
    const filters = readFilters(asBag(body['filters'])['incident'], this.org);
    const incidents = this.incidentsIn(query.ranges).filter(
      (incident) => filters.length === 0 || matchesAny(filters, asBag(incident.dto)),
    );
    const entries = this.visible(incidents, wanted, query).filter(
      ({ result }) => query.words.length === 0 || query.words.every((word) => mentions(result, word)),
    );
    return { results: entries.slice(0, this.org.behaviour.searchResultCap).map(({ result }) => result) };
  }

  private incidentsIn(ranges: SearchQuery['ranges']): IncidentRecord[] {
    return [...this.org.incidents.values()].filter(({ dto }) => isIn(ranges, dto.id));
  }

  private visible(incidents: readonly IncidentRecord[], wanted: ReadonlySet<string>, { ranges }: SearchQuery): Entry[] {
    const isWanted = ({ kind }: { kind: string }) => wanted.size === 0 || wanted.has(kind);
    this.catchUp();
    const waiting = new Set(this.pending.map(({ key }) => key));
    const entries: Entry[] = [];
    const seen = new Set<string>();
    for (const incident of incidents)
      for (const found of objectsOf(incident)) {
        if (!isWanted(found)) continue;
        const key = keyOf(found);
        seen.add(key);
        const entry = waiting.has(key) ? this.indexed.get(key) : this.entry(found);
        if (entry) entries.push(entry);
      }
    for (const entry of this.indexed.values())
      if (isWanted(entry) && !seen.has(entry.key) && isIn(ranges, entry.incidentId)) entries.push(entry);
    return entries;
  }

  private get format(): Format {
    const { searchHandles: handles, searchMembers } = this.org.behaviour;
    return { handles, richTextObjects: true, memberValues: searchMembers === 'values' };
  }

  private catchUp(): void {
    const due = this.org.steadyNow() - this.org.behaviour.searchLagMs;
    this.pending = this.pending.filter(({ atMs, key, entry }) => {
      if (atMs > due) return true;
      if (entry) this.indexed.set(key, entry);
      else this.indexed.delete(key);
      return false;
    });
  }

  private entry(found: Found): Entry {
    const { incident, kind, id, name, table } = found;
    const type = table ?? this.org.schema.type(kind);
    const object = found.object();
    const shown = table
      ? { ...object, cells: rowCells(table, object, { ...this.format, columnNames: false }, this.org.people) }
      : { ...showObject(object, type, this.format, this.org.people), ...(kind === 'task' ? countless : {}) };
    const owner = this.org.people.get(incident.dto.owner_id)?.dto ?? null;
    const asObject = this.org.behaviour.searchHandles !== 'ids';
    return {
      key: keyOf(found),
      incidentId: incident.dto.id,
      kind,
      result: {
        type_id: kind,
        org_id: this.org.options.id,
        obj_id: id,
        obj_name: name,
        inc_id: incident.dto.id,
        inc_name: incident.dto.name,
        inc_owner: asObject ? owner : incident.dto.owner_id,
        obj_create_date: object['create_date'] ?? object['created'] ?? object['init_date'] ?? null,
        match_field_name: 'inc_id',
        score: 1,
        result: 'inc_owner' in shown && asObject ? { ...shown, inc_owner: owner } : shown,
      },
    };
  }
}

/** The counts that the index does not keep. */
const countless = { notes_count: null, attachments_count: null };

function isIn(ranges: SearchQuery['ranges'], id: number): boolean {
  return ranges.some(({ from, to }) => id >= from && id <= to);
}

function keyOf({ kind, id }: Found): string {
  return `${kind}:${id}`;
}

function mentions(result: Bag, word: string): boolean {
  return writeJson(result['result']).toLowerCase().includes(word);
}
