import type { FeedEvent, TypeSchema } from '@soar-feed/core';
import { carryFields } from './carryFields.js';
import { chosenOptions } from '../fields/chosenOptions.js';
import { FieldLosses } from './FieldLosses.js';
import { referenceFields } from './references.js';
import { fillRequired } from './requiredFields.js';
import { sectionOf } from './sectionOf.js';
import type { TargetCatalog } from './TargetCatalog.js';
import { fieldKey } from '../fields/TranslatedField.js';
import type { TranslatedField, Translation } from '../fields/TranslatedField.js';
import type { TranslateOptions } from './TranslateOptions.js';
import { wellFormed } from '../fields/wellFormed.js';

export function translateIncident(
  event: FeedEvent,
  target: TypeSchema,
  catalog: TargetCatalog,
  options: TranslateOptions,
): Translation {
  const losses = new FieldLosses();
  const carried = [
    ...carryFields(event, target, catalog, losses, options.exclude),
    ...unlistedFields(event, options),
    ...workspaceField(event, catalog, losses),
  ];
  // Comes after the exclusions: excluding `properties` does not exclude the references.
  const references = options.syncReferenceFields ? referenceFields(event, catalog, options.sourceHost) : [];
  const withReferences = [...carried.filter((field) => !includes(references, field)), ...references];
  const complete = fillRequired(withReferences, 'always', target, event, catalog, losses);
  const closed = isClosed(event);
  // The source may not ask for what the target requires of a closed incident.
  const fields = closed ? fillRequired(complete, 'close', target, event, catalog, losses) : complete;
  return { fields: fields.map((field) => (closed ? markClosing(field, target) : field)), losses: losses.list() };
}

function includes(fields: readonly TranslatedField[], wanted: TranslatedField): boolean {
  return fields.some((field) => fieldKey(field) === fieldKey(wanted));
}

function isClosed({ payload, schema }: FeedEvent): boolean {
  return chosenOptions(payload['plan_status'], schema.fields.get('plan_status'))[0]?.id === 'C';
}

function markClosing(field: TranslatedField, target: TypeSchema): TranslatedField {
  const schema = target.fields.get(field.name);
  const closing = field.name === 'plan_status' || (schema?.required === 'close' && schema.prefix === field.prefix);
  return closing ? { ...field, closing: true } : field;
}

/** The platform keeps HIPAA answers and the assessment, though its schema lists neither (IBM SOAR types, v47). */
function unlistedFields({ payload }: FeedEvent, { exclude }: TranslateOptions): TranslatedField[] {
  const fields = [
    ...Object.entries(sectionOf(payload['hipaa'])).map(([name, value]) => hipaaField(name, value)),
    ...assessmentField(payload['assessment']),
    ...assessmentField(sectionOf(payload['pii'])['assessment'], 'pii'),
  ];
  return fields.filter((field) => !exclude.has(field.name, field.prefix));
}

function hipaaField(name: string, value: unknown): TranslatedField {
  const inputType = name.endsWith('_comment') ? 'text' : 'boolean';
  return {
    name,
    prefix: 'hipaa',
    inputType,
    value: typeof value === 'string' ? wellFormed(value) : value,
    unlisted: true,
  };
}

/**
 * The server computes the assessment anew at every change, so it is only sent at create. Its XML header is left out, as
 * IBM's resilientfeed intends (its pattern removes the whole of a text with several lines).
 */
function assessmentField(value: unknown, prefix?: 'pii'): TranslatedField[] {
  if (typeof value !== 'string') return [];
  const text = wellFormed(value.replace(/^\s*<\?xml[^>]*\?>\s*/, ''));
  const place = prefix === undefined ? {} : { prefix };
  return [{ name: 'assessment', ...place, inputType: 'text', value: text, createOnly: true, unlisted: true }];
}

/** Finds the workspace by label. */
function workspaceField(event: FeedEvent, catalog: TargetCatalog, losses: FieldLosses): TranslatedField[] {
  const chosen = chosenOptions(event.payload['workspace'], event.schema.fields.get('workspace'))[0];
  const label = event.workspace === '' ? chosen?.label : event.workspace;
  if (label === undefined || label === '') return [];
  const id = catalog.workspaceId(label);
  if (id === undefined) {
    losses.add('workspace', 'workspace', label);
    return [];
  }
  return [{ name: 'workspace', inputType: 'select', value: id }];
}
