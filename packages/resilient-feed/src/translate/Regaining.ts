import type { Clock, FeedEvent, Logger, ObjectKey } from '@soar-feed/core';
import type { Loss } from '../fields/TranslatedField.js';
import { Lacking } from './Lacking.js';
import type { Translations } from './Translations.js';

/** As often, the target may be read again (`TargetCatalog.refresh` reads less often while nothing changes); ms. */
const TURN_MS = 30_000;

/**
 * Loads incidents again once the target can hold what they lost, such as a field or an option that was added there since. It
 * outlives an opening of the feed, as what was lost does.
 */
export class Regaining {
  private readonly lacking = new Lacking();
  /** To be loaded; each stays until that is durably requested. */
  private readonly owed = new Map<number, ObjectKey>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  note(event: FeedEvent, losses: readonly Loss[]): void {
    this.lacking.note(event, losses);
  }

  /**
   * While the feed is open: looks now and then at what the target can hold, if something is lacking, and requests what it has
   * regained. Resolves when `signal` aborts.
   */
  async watch(
    translations: Translations,
    resync: (incident: ObjectKey) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        // At the opening, it has just been read.
        this.compare(translations);
        await this.request(resync);
        await this.clock.sleep(TURN_MS, signal);
        if (!this.lacking.isEmpty) await translations.renew(false, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.log.debug(`What the target lacked is looked for again later: ${String(error)}`);
        await this.clock.sleep(TURN_MS, signal).catch(() => undefined);
      }
    }
  }

  private compare(translations: Translations): void {
    const { incidents, hasMore } = this.lacking.regained((event) => translations.of(event));
    for (const incident of incidents) this.owed.set(incident.incidentId, incident);
    if (incidents.length === 0) return;
    const more = hasMore ? ' Others may have lost something, too: run `soar-feed repair`.' : '';
    this.log.info(
      `The target can now hold what it lacked: ${incidents.length} incidents that lost something are loaded again.${more}`,
      { event: 'target.regained', count: incidents.length },
    );
  }

  private async request(resync: (incident: ObjectKey) => Promise<void>): Promise<void> {
    for (const [id, incident] of this.owed) {
      await resync(incident);
      this.owed.delete(id);
    }
  }
}
