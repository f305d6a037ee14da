import { isEmail, isIncident, keyText } from '@soar-feed/core';
import type { Comparison, DifferentField, FeedEvent, IncidentView, ObjectKey } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../config.js';
import { decide } from '../decide/decide.js';
import type { Decision } from '../decide/Decision.js';
import { isEmailType, sourceType, typesFrom } from '../fields/emailTypes.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { TranslatedField } from '../fields/TranslatedField.js';
import { whyFiltered } from '../filter/whyFiltered.js';
import { emailFormOf, NO_EMAILS } from '../mapping/emailFormOf.js';
import type { Mapping, TargetRef } from '../mapping/Mapping.js';
import type { MappingReader } from '../mapping/MappingReader.js';
import { lookUp } from '../mapping/lookUp.js';
import type { Known } from '../mapping/lookUp.js';
import { asWritten } from '../translate/email/asWritten.js';
import { fieldDigests } from '../translate/digest.js';
import { equalValues } from '../translate/normalise.js';
import type { Translations } from '../translate/Translations.js';
import { isFrame } from '../write/TargetObject.js';
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

  async compare(view: IncidentView, signal: AbortSignal): Promise<readonly Comparison[]> {
    const rows = await this.parts.rows.ofIncident(view.incident);
    const standing = new Standing(this.parts.writers, signal);
    try {
      const found: Comparison[] = [];
      for (const event of view.events) found.push(await this.one(event, rows, standing));
      return view.whole ? [...found, ...(await this.extra(view, rows, standing))] : found;
    } finally {
      this.reads += standing.reads;
    }
  }

  private async one(given: FeedEvent, rows: IncidentRows, standing: Standing): Promise<Comparison> {
    const { settings, translations } = this.parts;
    const { key } = given;
    const event = this.asWritten(given, rows);
    if (event === undefined) return { key, verdict: 'left-out', reason: NO_EMAILS };
    const known = await lookUp(event, { findAll: (keys) => Promise.resolve(rowsOf(rows, keys)) });
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

  /** `undefined`: an e-mail message that is left out. */
  private asWritten(event: FeedEvent, rows: IncidentRows): FeedEvent | undefined {
    if (!isEmail(event.schema)) return event;
    const form = emailFormOf(event, this.parts.settings.emails, (key) => rows.has(keyText(key)));
    return form && asWritten(event, form);
  }

  private async fields(event: FeedEvent, { mapping }: Known, standing: Standing): Promise<Found> {
    const { target } = mapping ?? {};
    if (target === undefined) return { verdict: 'missing', reason: 'the mapping does not name it' };
    const { fields, unsupported } = this.parts.translations.of(event);
    if (unsupported !== undefined) return { verdict: 'left-out', reason: unsupported };
    const object = await standing.find(event.key.type, target);
    if (object === undefined) return { verdict: 'missing', reason: 'somebody deleted it in the target' };
    if (event.key.type === 'note' && isFrame(object))
      return { verdict: 'missing', reason: 'somebody deleted it in the target, where its frame stays for its replies' };
    const different = fields.flatMap((field) => difference(field, object));
    return different.length === 0 ? { verdict: 'equal' } : { verdict: 'differs', fields: different };
  }

  /** What the mapping calls active, the source no longer has, and the target still has. */
  private async extra(
    { events, incident }: IncidentView,
    rows: IncidentRows,
    standing: Standing,
  ): Promise<readonly Comparison[]> {
    const seen = new Set(events.flatMap(({ key }) => typesFrom(key.type).map((type) => keyText({ ...key, type }))));
    // With delete_incidents off, an incident that is gone at the source stays in the target with all it holds.
    const isGone = events.length === 0 && rows.get(keyText(incident)) !== undefined;
    const stays = isGone && !this.parts.settings.deleteIncidents;
    const extra: Comparison[] = [];
    for (const { source, state, target, flags } of rows.values()) {
      if (state !== 'active' || target === undefined || seen.has(keyText(source))) continue;
      const key = { ...source, type: sourceType(source.type) };
      // Kept on purpose: a frame for replies, or held back until the incident matches again.
      if (flags.blanked === true || flags.deleteDue === true) continue;
      const ref = String(target.objectId);
      if (stays) {
        const reason = 'its incident is gone at the source, and delete_incidents is off';
        extra.push({ key, verdict: 'left-out', ref, reason });
        continue;
      }
      if (isEmailType(source.type) && !isGone) {
        extra.push({ key, verdict: 'left-out', ref, reason: UNSEEN_EMAIL });
        continue;
      }
      if ((await standing.find(source.type, target)) === undefined) continue;
      const taskId = taskOf(target, rows);
      const ofTask = taskId === undefined ? {} : { taskId };
      extra.push({ key, verdict: 'extra', ref, reason: 'it is gone at the source', ...ofTask });
    }
    return extra;
  }
}

/** Only the search index shows e-mail messages, and it may lack some: nothing is concluded from that. */
const UNSEEN_EMAIL = 'the source does not show this e-mail message, which proves nothing';

type IncidentRows = ReadonlyMap<string, Mapping>;

function rowsOf(rows: IncidentRows, keys: readonly ObjectKey[]): IncidentRows {
  return new Map(
    keys.flatMap((key) => {
      const row = rows.get(keyText(key));
      return row === undefined ? [] : [[keyText(key), row] as const];
    }),
  );
}

/** The source's task that an object of the target's task belongs to. */
function taskOf({ taskId }: TargetRef, rows: IncidentRows): number | undefined {
  if (taskId === undefined) return undefined;
  return [...rows.values()].find(({ source, target }) => source.type === 'task' && target?.objectId === taskId)?.source
    .objectId;
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
    case 'replace':
      return { verdict: 'differs', reason: 'its id belonged to another object before' };
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
