import { isIncident, keyText } from '@soar-feed/core';
import type { Comparison, DifferentField, FeedEvent, IncidentView } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../config.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/Decision.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { TranslatedField } from '../fields/TranslatedField.js';
import { whyFiltered } from '../filter/whyFiltered.js';
import type { Mapping, TargetRef } from '../mapping/Mapping.js';
import type { MappingReader } from '../mapping/MappingReader.js';
import { lookUp } from '../mapping/lookUp.js';
import type { Known } from '../mapping/lookUp.js';
import { fieldDigests } from '../translate/digest.js';
import { equalValues } from '../translate/normalise.js';
import type { Translations } from '../translate/Translations.js';
import type { TargetObject } from '../write/TargetObject.js';
import type { ObjectWriters } from '../write/types/ObjectWriters.js';
import { Standing } from './Standing.js';

export interface ComparerParts {
  readonly rows: MappingReader;
  readonly writers: ObjectWriters;
  readonly translations: Translations;
  readonly settings: ResilientFeedSettings;
}

/** Compares what a delivery would write with what stands in the target. Decides as a delivery does, and writes nothing. */
export class Comparer {
  reads = 0;

  constructor(private readonly parts: ComparerParts) {}

  async compare({ events, whole }: IncidentView, signal: AbortSignal): Promise<readonly Comparison[]> {
    const { rows, writers } = this.parts;
    rows.forget();
    const standing = new Standing(writers, signal);
    try {
      const found: Comparison[] = [];
      for (const event of events) found.push(await this.one(event, standing));
      return whole ? [...found, ...(await this.extra(events, standing))] : found;
    } finally {
      this.reads += standing.reads;
    }
  }

  private async one(event: FeedEvent, standing: Standing): Promise<Comparison> {
    const { rows, settings, translations } = this.parts;
    const { key } = event;
    const known = await lookUp(event, rows);
    const filtered = isIncident(key) ? whyFiltered(settings.criteria, event) : undefined;
    const replica = known.mapping?.flags.replica !== undefined;
    const { deleteIncidents, onUnmatch } = settings;
    const decision = decide({ event, ...known, matches: filtered === undefined, replica, deleteIncidents, onUnmatch });
    const { mapping } = known;
    const ref = mapping?.target === undefined ? {} : { ref: String(mapping.target.objectId) };
    const about = { key, ...ref };
    const settled = verdictOf(decision, filtered);
    if (settled?.verdict === 'missing') {
      const { unsupported } = translations.of(event);
      if (unsupported !== undefined) return { ...about, verdict: 'left-out', reason: unsupported };
    }
    if (settled !== undefined) return { ...about, ...settled };
    return { ...about, ...(await this.fields(event, known, standing)) };
  }

  private async fields(event: FeedEvent, { mapping }: Known, standing: Standing): Promise<Found> {
    const { target } = mapping ?? {};
    if (target === undefined) return { verdict: 'missing', reason: 'the mapping does not name it' };
    const { fields, unsupported } = this.parts.translations.of(event);
    if (unsupported !== undefined) return { verdict: 'left-out', reason: unsupported };
    const object = await standing.find(event.key.type, target);
    if (object === undefined) return { verdict: 'missing', reason: 'somebody deleted it in the target' };
    const different = fields.flatMap((field) => difference(field, object));
    return different.length === 0 ? { verdict: 'equal' } : { verdict: 'differs', fields: different };
  }

  /** What the mapping calls active, the source no longer has, and the target still has. */
  private async extra(events: readonly FeedEvent[], standing: Standing): Promise<readonly Comparison[]> {
    const [first] = events;
    if (first === undefined) return [];
    const all = await this.parts.rows.ofIncident(first.key);
    const seen = new Set(events.map(({ key }) => keyText(key)));
    // The view has only objects of the types that are fed.
    const candidates = [...all.values()].filter(
      (row): row is Mapping & { readonly target: TargetRef } =>
        row.state === 'active' && row.target !== undefined && !seen.has(keyText(row.source)),
    );
    const extra: Comparison[] = [];
    for (const { source: key, target, flags } of candidates) {
      // Kept on purpose: a frame for replies, or held back until the incident matches again.
      if (flags.blanked === true || flags.deleteDue === true) continue;
      if ((await standing.find(key.type, target)) === undefined) continue;
      extra.push({ key, verdict: 'extra', ref: String(target.objectId), reason: 'it is gone at the source' });
    }
    return extra;
  }
}

type Found = Pick<Comparison, 'verdict' | 'reason' | 'fields'>;

/** `undefined`: both sides have it, so its fields are compared. */
function verdictOf(decision: Decision, filtered: string | undefined): Found | undefined {
  switch (decision.do) {
    case 'update':
      return undefined;
    case 'nothing':
      return decision.why === 'immutable' ? undefined : { verdict: 'equal' };
    case 'skip':
      if (decision.reason === 'already deleted') return { verdict: 'missing', reason: 'it was deleted before' };
      return { verdict: 'left-out', reason: filtered ?? decision.reason };
    case 'unmatch':
      return { verdict: 'differs', reason: `to be ${decision.how}d in the target: ${filtered ?? 'it does not match'}` };
    case 'blank':
      return { verdict: 'differs', reason: 'the source deleted it and keeps its frame for its replies' };
    case 'wait':
      return { verdict: 'missing', reason: `it waits for ${decision.on.type} ${decision.on.objectId}` };
    case 'create':
    case 'adopt-or-create':
    case 'frame':
    case 'refill':
    case 'revive':
      return { verdict: 'missing' };
    case 'delete':
    case 'bypass':
      throw new TypeError('only what the source has is compared');
  }
}

/** Fields that only a create sets are what identifies an artifact or a file: they never change on either side. */
function difference(field: TranslatedField, object: TargetObject): readonly DifferentField[] {
  if (field.createOnly === true) return [];
  const current = object.value(field);
  if (equalValues(field, current, field.value)) return [];
  const name = fieldKey(field);
  const digest = (value: unknown): string => fieldDigests([{ ...field, value }])[name] ?? '';
  return [{ name, expected: digest(field.value), found: digest(current) }];
}
