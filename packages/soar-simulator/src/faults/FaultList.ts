import type { Fault, FaultOptions, Faults } from './Faults.js';
import { matchPath } from './matchPath.js';

export interface RequestFacts {
  readonly method: string;
  /** Whole path, without the query. */
  readonly path: string;
  /** Path below the org; the whole path if there is no org. */
  readonly orgPath: string;
  readonly org: number;
}

class ListedFault implements Fault {
  hits = 0;
  private readonly endsAtMs: number;

  constructor(
    readonly options: FaultOptions,
    private readonly drop: (fault: ListedFault) => void,
  ) {
    this.endsAtMs = performance.now() + (options.forMs ?? Infinity);
  }

  remove(): void {
    this.drop(this);
  }

  matches({ method, path, orgPath, org }: RequestFacts): boolean {
    const wanted = this.options;
    if (wanted.times !== undefined && this.hits >= wanted.times) return false;
    if (performance.now() >= this.endsAtMs) return false;
    if (wanted.method !== undefined && wanted.method.toUpperCase() !== method) return false;
    if (wanted.org !== undefined && wanted.org !== org) return false;
    if (wanted.path === undefined) return true;
    return typeof wanted.path === 'string' ? matchPath(wanted.path, orgPath) : wanted.path.test(path);
  }
}

/** The active faults. The first one that matches a request and, if it has a probability, is drawn, hits the request. */
export class FaultList implements Faults {
  private faults: ListedFault[] = [];

  constructor(private readonly random: () => number) {}

  add(options: FaultOptions): Fault {
    const fault = new ListedFault(options, (gone) => {
      this.faults = this.faults.filter((each) => each !== gone);
    });
    this.faults.push(fault);
    return fault;
  }

  clear(): void {
    this.faults = [];
  }

  strike(request: RequestFacts): FaultOptions | undefined {
    for (const fault of this.faults) {
      if (!fault.matches(request)) continue;
      if (fault.options.probability !== undefined && this.random() >= fault.options.probability) continue;
      fault.hits++;
      return fault.options;
    }
    return undefined;
  }
}
