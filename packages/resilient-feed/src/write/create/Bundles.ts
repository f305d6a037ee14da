import { incidentKey, keyText, writeJson } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import type { Clocks } from '../../Clocks.js';
import { BoundedCache } from '../../BoundedCache.js';
import type { Creates } from '../../mapping/Creates.js';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { Rows } from '../../mapping/Rows.js';
import { toBody } from '../../translate/bodies.js';
import type { TranslatedField, Translation } from '../../fields/TranslatedField.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { WriteJob } from '../WriteJob.js';
import { Bundle } from './Bundle.js';
import type { Bundled } from './Bundle.js';
import type { BundleSupport } from './BundleSupport.js';
import { isFirstLevel, isKnownAgain, kindOf, mergeName } from './mayTravel.js';

export interface BundlesServices {
  readonly rows: Pick<Rows, 'findAll'>;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
  readonly support: BundleSupport;
  readonly clocks: Clocks;
  readonly catalog: TargetCatalog;
  /** Our own account in the target. */
  readonly principalId: number;
}

type Translate = (event: FeedEvent) => Translation;

/** So many objects in one request, and so much text, characters: IBM reckons with 0.3 to 0.5 s for each. */
const MOST = 50;
const MOST_TEXT = 200_000;

/**
 * Decides what travels inside the create of an incident that is read whole. All else, and all that the server did not take,
 * is made by its own delivery, which comes in any case.
 */
export class Bundles {
  /** By `keyText`: made inside a create, and not delivered since. */
  private readonly made = new BoundedCache<string, true>(10_000);

  constructor(private readonly services: BundlesServices) {}

  /** For an incident that is about to be made. Nothing travels if its create was tried before, so that it is not what keeps failing. */
  async begin(job: WriteJob, translate: Translate): Promise<Bundle> {
    const { event, attempt, following } = job;
    const { creates, support } = this.services;
    const first = attempt === 1 && creates.intent(event.key) === undefined;
    const mayTravel = support.may('comments') || support.may('artifacts');
    if (!first || !mayTravel || following === undefined) return new Bundle([]);
    const candidates = await this.unknown(await following(), event.key);
    const objects = this.chosen(candidates, job, translate);
    return new Bundle(objects, (kinds) => kinds.forEach((kind) => support.stumbled(kind)));
  }

  /** Whether this delivery is the first since the object was made inside its incident's create. Says so once. */
  takeMade(key: ObjectKey): boolean {
    const name = keyText(key);
    const isMade = this.made.get(name) === true;
    this.made.delete(name);
    return isMade;
  }

  noteMade(key: ObjectKey): void {
    this.made.set(keyText(key), true);
  }

  /** Without those that may be in the target, or were: each has its own way of being found again. */
  private async unknown(events: readonly FeedEvent[], incident: ObjectKey): Promise<readonly FeedEvent[]> {
    const { rows, creates } = this.services;
    const own = events.filter(({ key }) => keyText(incidentKey(key)) === keyText(incident));
    const mapped = await rows.findAll(own.map(({ key }) => key));
    return own.filter(({ key }) => {
      // What began with an earlier create of the incident had no effect, as that one had none.
      return !mapped.has(keyText(key)) && creates.intent(key)?.targetIncidentId === undefined;
    });
  }

  /** In order: where the mapping is lost, equal objects are found again by the order of their ids. */
  private chosen(events: readonly FeedEvent[], job: WriteJob, translate: Translate): readonly Bundled[] {
    const chosen: Bundled[] = [];
    /** Names of those that are made singly, afterwards, so that what is like them must not come before. */
    const after = new Set<string>();
    let left = MOST_TEXT;
    for (const event of events.filter(isFirstLevel)) {
      const { fields, losses, unsupported } = translate(event);
      if (unsupported !== undefined) continue;
      const naturalKey = this.services.writers.of(event.key.type).naturalKey({ ...job, event, fields });
      const name = mergeName(event.key.type, naturalKey);
      // What loses something may lose less once the target's schema is read again, which its own delivery does.
      const one = losses.length > 0 || after.has(name) ? undefined : this.bundled(event, fields, naturalKey);
      const length = one === undefined ? 0 : writeJson(one.body).length;
      const fits = one !== undefined && chosen.length < MOST && length <= left;
      if (fits) {
        chosen.push(one);
        left -= length;
      }
      // The server may merge two equal artifacts.
      if (!fits || one.kind === 'artifacts') after.add(name);
    }
    return chosen;
  }

  private bundled(event: FeedEvent, fields: readonly TranslatedField[], naturalKey: NaturalKey): Bundled | undefined {
    const { support, clocks, catalog, principalId } = this.services;
    const kind = kindOf(event);
    if (kind === undefined || !support.may(kind) || !isKnownAgain(kind, fields, catalog)) return undefined;
    const intent = { source: event.key, naturalKey, sentAtMs: clocks.targetNow(), principalId };
    return { kind, event, fields, body: toBody(fields), intent };
  }
}
