import pLimit from 'p-limit';
import type { Workspaces } from '../../config/parseWorkspaces.js';
import type { Clock } from '../../contract/Clock.js';
import type { FeedStore } from '../../contract/FeedStore.js';
import { isIncident, keyText } from '../../contract/ObjectKey.js';
import type { Comparison, TargetInsight } from '../../contract/TargetInsight.js';
import { GoneIncidents } from './GoneIncidents.js';
import type { InspectedSource } from './InspectedSource.js';
import { SecondLook } from './SecondLook.js';
import type { Suspect } from './SecondLook.js';
import { VerifyTally } from './VerifyReport.js';
import type { VerifyReport } from './VerifyReport.js';
import { walkIncidents } from './walkIncidents.js';
import type { Walk, WalkedIncident } from './walkIncidents.js';

export interface VerifyOptions {
  readonly feeds: readonly { readonly name: string; readonly insight: TargetInsight }[];
  readonly source: InspectedSource;
  /** Open for reading. */
  readonly store: FeedStore;
  readonly walk: Walk;
  readonly workspaces?: Workspaces | undefined;
  /** Incidents compared at once. */
  readonly concurrency: number;
  /** How long a change may be on its way before a difference counts, ms. */
  readonly settleMs: number;
  /** An interrupted report goes on where `walk` begins. */
  readonly before?: VerifyReport;
  /** Everything up to this incident is in the report. */
  readonly onProgress?: (upToId: number, report: VerifyReport) => void;
}

/** A page before its second looks. */
interface PageFound {
  readonly suspects: readonly Suspect[];
  readonly tally: VerifyTally;
  readonly atMs: number;
  readonly toId: number;
}

/** Compares source and destinations object by object, and writes nothing. */
export class Verification {
  private readonly tally: VerifyTally;
  private readonly limit: ReturnType<typeof pLimit>;
  private readonly secondLook: SecondLook;
  private readonly gone: readonly GoneIncidents[];
  private readonly clock: Clock;
  /** Of the page at hand, which is added once its second looks are done. */
  private page = new VerifyTally(0);
  private suspects: Suspect[] = [];

  constructor(private readonly options: VerifyOptions) {
    const { walk, source, store, feeds, concurrency, before } = options;
    this.clock = walk.clock;
    this.tally = new VerifyTally(before?.startedAtMs ?? walk.clock.now(), before);
    this.limit = pLimit(concurrency);
    this.secondLook = new SecondLook(source, store, walk.signal);
    this.gone = feeds.map((feed) => new GoneIncidents(feed, source, walk));
    for (const { name } of feeds) this.tally.of(name);
  }

  /** Throws what reading throws; `onProgress` has told how far it got. */
  async run(): Promise<VerifyReport> {
    const { source, walk, settleMs, onProgress } = this.options;
    let last: PageFound | undefined;
    const settle = async (): Promise<void> => {
      if (last === undefined) return;
      const { tally, toId } = last;
      await this.lookAgain(last, last.atMs + settleMs);
      this.tally.add(tally.report(undefined));
      if (Number.isFinite(toId)) onProgress?.(toId, this.tally.report(undefined));
      last = undefined;
    };
    for await (const page of walkIncidents(source, walk, (incident) => this.limit(() => this.one(incident)))) {
      for (const fault of page.faults) this.page.fault(fault);
      // What could not be listed is not gone.
      const canTell = page.faults.length === 0;
      for (const gone of this.gone) this.suspects.push(...(await gone.below(page, canTell, this.page)));
      const found = { suspects: this.suspects, tally: this.page, atMs: this.clock.steadyMs(), toId: page.toId };
      this.suspects = [];
      this.page = new VerifyTally(0);
      // The next page takes a while, in which changes on their way arrive.
      await settle();
      last = found;
    }
    await settle();
    return this.tally.report(this.clock.now());
  }

  private async one({ events, whole }: WalkedIncident): Promise<void> {
    const { feeds, workspaces, walk } = this.options;
    const [first] = events;
    if (first === undefined) return;
    walk.signal.throwIfAborted();
    this.page.incidents += 1;
    this.page.objects += events.length;
    const routed = workspaces === undefined ? undefined : (workspaces.get(first.workspace) ?? []);
    for (const { name, insight } of feeds) {
      if (routed !== undefined && !routed.includes(name)) {
        for (const _ of events) this.page.leftOut(name, '[feeds] workspaces does not route its workspace to this feed');
        continue;
      }
      const compared = await insight.compare({ incident: first.key, events, whole }, walk.signal);
      const byKey = new Map(events.map((event) => [keyText(event.key), event]));
      for (const found of compared) this.sort(name, insight, found, byKey.get(keyText(found.key)));
    }
  }

  private sort(feed: string, insight: TargetInsight, found: Comparison, event: Suspect['event']): void {
    if (found.verdict === 'equal') this.page.of(feed).equal += 1;
    else if (found.verdict === 'left-out') this.page.leftOut(feed, found.reason);
    else this.suspects.push({ feed, insight, found, looks: 1, ...(event === undefined ? {} : { event }) });
  }

  private async lookAgain({ suspects, tally }: PageFound, notBeforeMs: number): Promise<void> {
    const { walk, settleMs } = this.options;
    let left = suspects;
    let dueMs = notBeforeMs;
    while (left.length > 0) {
      const restMs = dueMs - this.clock.steadyMs();
      if (restMs > 0) await this.clock.sleep(restMs, walk.signal);
      // Incidents come first in the report.
      const results = await Promise.all(
        [...left]
          .sort((a, b) => Number(isIncident(b.found.key)) - Number(isIncident(a.found.key)))
          .map(async (suspect) => ({ suspect, result: await this.limit(() => this.secondLook.at(suspect)) })),
      );
      tally.lookedAgain += left.length;
      const again: Suspect[] = [];
      for (const { suspect, result } of results) {
        if (result === 'equal') tally.of(suspect.feed).equal += suspect.event === undefined ? 0 : 1;
        else if ('again' in result) again.push(result.again);
        else tally.drifted(result);
      }
      left = again;
      dueMs = this.clock.steadyMs() + settleMs;
    }
  }
}
