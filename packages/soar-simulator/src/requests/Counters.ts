import type { RequestCounters, RequestLogEntry } from './RequestCounters.js';

const keptLogEntries = 5000;

/** POSTs and PUTs that only read. */
const readingPosts = /^\/session$|\/query(_paged)?$|^\/search_ex$|^\/configurations\/exports\/?$/;

interface OrgCount {
  total: number;
  writes: number;
  byRoute: Record<string, number>;
}

export interface Arrival {
  readonly method: string;
  /** Path below the org, with parameters as `:name`; the path itself if no route matches. */
  readonly route: string;
  readonly path: string;
  readonly org: number;
  readonly atMs: number;
}

export class Counters implements RequestCounters {
  total = 0;
  writes = 0;
  byRoute: Record<string, number> = {};
  byMethod: Record<string, number> = {};
  byOrg: Record<number, number> = {};
  peakConcurrency = 0;
  private readonly orgs = new Map<number, OrgCount>();
  private readonly entries: RequestLogEntry[] = [];
  private running = 0;

  get log(): readonly RequestLogEntry[] {
    return this.entries.slice(-keptLogEntries);
  }

  org(orgId: number): OrgCount {
    let count = this.orgs.get(orgId);
    if (!count) this.orgs.set(orgId, (count = { total: 0, writes: 0, byRoute: {} }));
    return count;
  }

  /** Counts a request on arrival; the returned function takes the status of the answer, 0 if none was sent. */
  arrived({ method, route, path, org, atMs }: Arrival): (status: number) => void {
    const key = `${method} ${route}`;
    const writes = method !== 'GET' && method !== 'HEAD' && !readingPosts.test(route) ? 1 : 0;
    const ofOrg = this.org(org);
    for (const count of [this as OrgCount, ofOrg]) {
      count.total++;
      count.writes += writes;
      count.byRoute[key] = (count.byRoute[key] ?? 0) + 1;
    }
    this.byMethod[method] = (this.byMethod[method] ?? 0) + 1;
    this.byOrg[org] = (this.byOrg[org] ?? 0) + 1;
    this.peakConcurrency = Math.max(this.peakConcurrency, ++this.running);
    return (status) => {
      this.running--;
      this.entries.push({ method, path, status, org, atMs });
      if (this.entries.length > 2 * keptLogEntries) this.entries.splice(0, keptLogEntries);
    };
  }

  reset(): void {
    this.total = 0;
    this.writes = 0;
    this.byRoute = {};
    this.byMethod = {};
    this.byOrg = {};
    this.peakConcurrency = this.running;
    this.orgs.clear();
    this.entries.length = 0;
  }
}
