import type { Logger } from '@soar-feed/core';

/** What can travel inside the create of an incident; the names of the lists in its body. */
export type BundledKind = 'comments' | 'artifacts';

/** So many creates in a row that did not bring their objects, or had no usable answer, are no accident. */
const FAILURES = 3;

interface Known {
  readonly state: 'untried' | 'taken' | 'off';
  /** In a row. */
  readonly failures: number;
}

const UNTRIED: Known = { state: 'untried', failures: 0 };

const WORDS: Readonly<Record<BundledKind, string>> = { comments: 'notes', artifacts: 'artifacts' };

/**
 * Whether this server takes notes and artifacts inside the create of an incident, which IBM's own templates expect but no
 * public source confirms. Learned from its answers, and kept for the life of the process.
 */
export class BundleSupport {
  private readonly known = new Map<BundledKind, Known>();

  constructor(
    /** `bundle_creates` */
    private readonly wanted: boolean,
    private readonly log: Logger,
  ) {}

  /** Whether these may be sent along. */
  may(kind: BundledKind): boolean {
    return this.wanted && this.of(kind).state !== 'off';
  }

  /** Whether the server has taken some. */
  isProven(kind: BundledKind): boolean {
    return this.of(kind).state === 'taken';
  }

  taken(kind: BundledKind): void {
    if (this.of(kind).state !== 'off') this.known.set(kind, { state: 'taken', failures: 0 });
  }

  /**
   * The server made the incident without them. The first time decides, unless something else may have been at fault: it has
   * taken some before, or `others` were along, which it may have refused instead.
   */
  notTaken(kind: BundledKind, how: 'ignored' | 'refused', { others = false } = {}): void {
    this.failed(kind, others || this.isProven(kind) ? FAILURES : 1, how);
  }

  /** The server failed over a create that had them along; what became of it is not known. */
  stumbled(kind: BundledKind): void {
    if (!this.isProven(kind)) this.failed(kind, FAILURES, 'failed over');
  }

  private failed(kind: BundledKind, most: number, how: string): void {
    const { state, failures } = this.of(kind);
    if (state === 'off') return;
    if (failures + 1 < most) return void this.known.set(kind, { state, failures: failures + 1 });
    this.known.set(kind, { state: 'off', failures });
    this.log.warn(
      `The target has ${how} the ${WORDS[kind]} inside the create of an incident: from now on each gets a request of its own.`,
      { event: 'target.bundles-off', kind: WORDS[kind] },
    );
  }

  private of(kind: BundledKind): Known {
    return this.known.get(kind) ?? UNTRIED;
  }
}
