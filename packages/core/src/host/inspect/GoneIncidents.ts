import { isIncident } from '../../contract/ObjectKey.js';
import type { TargetInsight, TargetRecord } from '../../contract/TargetInsight.js';
import type { InspectedSource } from './InspectedSource.js';
import type { Suspect } from './SecondLook.js';
import type { VerifyTally } from './VerifyReport.js';
import type { Walk, WalkedPage } from './walkIncidents.js';

/** Incidents that a target remembers as there, and the source no longer lists; page by page beside the walk. */
export class GoneIncidents {
  private readonly records: AsyncIterator<TargetRecord>;
  private next: TargetRecord | undefined;

  constructor(
    private readonly feed: { readonly name: string; readonly insight: TargetInsight },
    private readonly source: InspectedSource,
    private readonly walk: Walk,
  ) {
    const { minIncidentId, maxIncidentId } = walk;
    const only = minIncidentId === maxIncidentId ? { incidentId: minIncidentId } : {};
    this.records = feed.insight.records({ type: 'incident', ...only })[Symbol.asyncIterator]();
  }

  /** What is extra with the incidents of this page that are gone. Asks the source for each of them. */
  async below(page: WalkedPage, canTell: boolean, tally: VerifyTally): Promise<readonly Suspect[]> {
    const { walk, source } = this;
    const { name: feed, insight } = this.feed;
    const suspects: Suspect[] = [];
    for (let record = await this.peek(); record !== undefined; record = await this.peek()) {
      const { key, ref } = record;
      const { orgId } = source.reader;
      if (key.orgId > orgId || (key.orgId === orgId && key.incidentId > page.toId)) break;
      this.next = undefined;
      const isHere = key.orgId === orgId && key.incidentId >= page.fromId && walk.wants(key.incidentId);
      if (!isHere || !canTell || ref === undefined || page.ids.has(key.incidentId)) continue;
      if ((await source.incident(key.incidentId)) !== undefined) continue;
      for (const found of await insight.compare({ incident: key, events: [], whole: true }, walk.signal)) {
        if (found.verdict === 'left-out') tally.leftOut(feed, found.reason);
        // Its objects go with it.
        else if (isIncident(found.key)) suspects.push({ feed, insight, found, looks: 1 });
      }
    }
    return suspects;
  }

  private async peek(): Promise<TargetRecord | undefined> {
    if (this.next === undefined) {
      const { done, value } = await this.records.next();
      if (done !== true) this.next = value;
    }
    return this.next;
  }
}
