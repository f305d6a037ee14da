import type { FeedEvent, Logger } from '@soar-feed/core';
import { describeLoss } from './LossReport.js';
import type { LossReport } from './LossReport.js';
import type { TargetCatalog } from './TargetCatalog.js';
import { translate } from './translate.js';
import type { Loss, Translation } from '../fields/TranslatedField.js';
import type { TranslateOptions } from './TranslateOptions.js';

/** Translates events for one target. Each loss is logged once. */
export class Translations {
  constructor(
    private readonly catalog: TargetCatalog,
    private readonly options: TranslateOptions,
    private readonly losses: LossReport,
    /** Hears of every event that loses something. */
    private readonly lost: (event: FeedEvent, losses: readonly Loss[]) => void = () => undefined,
  ) {}

  /** See `TargetCatalog.version`. */
  get version(): string {
    return this.catalog.version;
  }

  of(event: FeedEvent): Translation {
    return translate(event, this.catalog, this.options);
  }

  /**
   * Translates an event that will be written. If the target lacks a label, the catalog is read again before the label
   * counts as lost.
   */
  async complete(
    event: FeedEvent,
    { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
  ): Promise<Translation> {
    let translation = this.of(event);
    const { losses } = translation;
    if (losses.length > 0 && (await this.renew(this.losses.hasNews(losses), signal))) translation = this.of(event);
    if (translation.losses.length > 0) this.lost(event, translation.losses);
    for (const loss of this.losses.add(translation.losses)) {
      log.warn(`Not carried over: ${describeLoss(loss)}.`, { event: 'target.loss', kind: loss.kind });
    }
    return translation;
  }

  /** `true`: the target can hold something else than before. See `TargetCatalog.refresh`. */
  renew(isNews: boolean, signal: AbortSignal): Promise<boolean> {
    return this.catalog.refresh(isNews, signal);
  }
}

/** The same incident, closed. */
export function asClosed(event: FeedEvent): FeedEvent {
  return { ...event, payload: { ...event.payload, plan_status: 'C' } };
}
