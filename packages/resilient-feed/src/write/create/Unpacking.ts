import { FeedError } from '@soar-feed/core';
import type { Clock } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { IncidentDto } from '@soar-feed/soar-client';
import type { Clocks } from '../../Clocks.js';
import type { Creates } from '../../mapping/Creates.js';
import { equalValues } from '../../translate/normalise.js';
import { unlessGone } from '../notFound.js';
import { noteAsTarget } from '../types/NoteWriter.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { TargetObject } from '../TargetObject.js';
import { digestsOf, linkOf } from '../update/Updates.js';
import type { WriteJob } from '../WriteJob.js';
import type { Bundle, Bundled } from './Bundle.js';
import type { Bundles } from './Bundles.js';
import type { BundledKind, BundleSupport } from './BundleSupport.js';
import { exactPairs, pairUp } from './pairUp.js';
import type { Pairing } from './pairUp.js';

export interface UnpackingServices {
  readonly bundles: Bundles;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
  readonly support: BundleSupport;
  readonly clocks: Clocks;
  readonly clock: Clock;
}

/** How long after an answer that does not show them they may still appear, ms. */
const LATE_MS = 1_500;

const TYPES: Readonly<Record<BundledKind, string>> = { comments: 'note', artifacts: 'artifact' };

/**
 * After an incident was made with a bundle: links each object with what the server made of it, by the answer or by one
 * reading of the list, and ends the creates of the others, which their own deliveries make. What cannot be read now is left
 * to these, too: the intents stay, so each is looked for first.
 */
export class Unpacking {
  constructor(private readonly services: UnpackingServices) {}

  async unpack(bundle: Bundle, job: WriteJob): Promise<void> {
    const { support } = this.services;
    const { known, kinds } = bundle;
    if (known === undefined) return;
    for (const kind of kinds) {
      const bundled = bundle.of(kind);
      if (known.refused) {
        support.notTaken(kind, 'refused', { others: true });
        this.end(bundled, job);
      } else await this.unpackKind(kind, bundled, known.answer, job);
    }
  }

  private async unpackKind(
    kind: BundledKind,
    bundled: readonly Bundled[],
    answer: IncidentDto,
    job: WriteJob,
  ): Promise<void> {
    const { support, writers, bundles } = this.services;
    try {
      const { pairs, lacking, strays } = await this.pairing(kind, bundled, answer, job);
      // Before anything is linked: if this process ends now, the next one finds them among those that it looks for.
      for (const { target } of strays)
        await unlessGone(writers.of(TYPES[kind]).remove(target, TYPES[kind], job.signal));
      if (pairs.length > 0) support.taken(kind);
      else support.notTaken(kind, 'ignored');
      for (const { one, target } of pairs) {
        this.link(one, target, job);
        bundles.noteMade(one.event.key);
      }
      this.end(lacking, job);
    } catch (error) {
      if (!SoarApiError.is(error) && !FeedError.is(error)) throw error;
      job.log.debug(`What was made with incident ${answer.id} is looked for later: ${error.message}`);
    }
  }

  private async pairing(
    kind: BundledKind,
    bundled: readonly Bundled[],
    answer: IncidentDto,
    job: WriteJob,
  ): Promise<Pairing> {
    const { clock, clocks } = this.services;
    let shown = this.shown(kind, answer);
    const isWhole = (): boolean => exactPairs(bundled, shown, clocks.targetSince).length === bundled.length;
    if (!isWhole()) shown = await this.list(kind, answer.id, job);
    if (!isWhole()) {
      await clock.sleep(LATE_MS, job.signal);
      shown = await this.list(kind, answer.id, job);
    }
    return pairUp(kind, bundled, shown, clocks.targetSince);
  }

  /** What the answer shows; a list without ids is none. */
  private shown(kind: BundledKind, { id, comments, artifacts }: IncidentDto): readonly TargetObject[] {
    const hasId = (dto: { readonly id?: unknown }): boolean => typeof dto.id === 'number';
    return kind === 'comments'
      ? (comments ?? []).filter(hasId).map((dto) => noteAsTarget(dto, { incidentId: id }))
      : (artifacts ?? []).filter(hasId).map((dto) => this.services.writers.artifacts.asTarget(dto, { incidentId: id }));
  }

  private list(kind: BundledKind, incidentId: number, { signal }: WriteJob): Promise<readonly TargetObject[]> {
    return this.services.writers.of(TYPES[kind]).list({ incidentId }, TYPES[kind], signal);
  }

  /** As far as it shows what was sent. The rest is sent at its own delivery. */
  private link({ event, fields }: Bundled, target: TargetObject, job: WriteJob): void {
    const equal = fields.filter((field) => equalValues(field, target.value(field), field.value));
    job.commits.add(this.services.creates.link(event.key, linkOf(target, digestsOf({ ...job, event }, equal))));
  }

  private end(bundled: readonly Bundled[], job: WriteJob): void {
    for (const { intent } of bundled) job.commits.add(this.services.creates.end(intent.source, intent));
  }
}
