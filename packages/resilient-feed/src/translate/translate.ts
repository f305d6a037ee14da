import { isDataTable } from '@soar-feed/core';
import type { FeedEvent, TypeSchema } from '@soar-feed/core';
import { isEmailType, targetType } from '../fields/emailTypes.js';
import { ExcludedFields } from '../fields/ExcludedFields.js';
import { carryFields } from './carryFields.js';
import { FieldLosses } from './FieldLosses.js';
import { fillRequired } from './requiredFields.js';
import type { TargetCatalog } from './TargetCatalog.js';
import { translateArtifact } from './translateArtifact.js';
import { translateIncident } from './translateIncident.js';
import { translateNote } from './translateNote.js';
import { translateRow } from './translateRow.js';
import { translateTask } from './translateTask.js';
import type { Translation } from '../fields/TranslatedField.js';
import type { TranslateOptions } from './TranslateOptions.js';
import { wellFormed } from '../fields/wellFormed.js';

const BUILT_IN = new Set(['incident', 'task', 'note', 'artifact', 'attachment', 'milestone']);

/**
 * Translates the event's object into the target's terms. Pure: the same event and catalog give the same result. Labels
 * decide, never the source's ids. What the target cannot hold is a loss, and never fails the object.
 */
export function translate(event: FeedEvent, catalog: TargetCatalog, options: TranslateOptions): Translation {
  const type = targetType(event.key.type);
  const target = catalog.type(type);
  if (target === undefined || (!BUILT_IN.has(type) && !isDataTable(target))) return unsupportedType(event);
  switch (type) {
    case 'incident':
      return translateIncident(event, target, catalog, options);
    case 'task':
      return translateTask(event, target, catalog);
    case 'note':
      // An e-mail message says itself who wrote it.
      return translateNote(event, isEmailType(event.key.type) ? { ...options, keepAuthor: false } : options);
    case 'artifact':
      return translateArtifact(event, target, catalog);
    case 'attachment':
      return translateAttachment(event);
    case 'milestone':
      return translateMilestone(event, target, catalog);
    default:
      return translateRow(event, target, catalog);
  }
}

function unsupportedType({ key, schema }: FeedEvent): Translation {
  const what = isDataTable(schema) ? 'data table' : 'type';
  return {
    fields: [],
    losses: [{ kind: 'table', name: key.type }],
    unsupported: `the target organization has no ${what} "${key.type}"`,
  };
}

/** The writer adds bytes and parent. Nothing else of an attachment can be set. */
function translateAttachment({ payload }: FeedEvent): Translation {
  const name = typeof payload['name'] === 'string' ? wellFormed(payload['name']) : 'unnamed';
  return { fields: [{ name: 'name', inputType: 'text', value: name, createOnly: true }], losses: [] };
}

function translateMilestone(event: FeedEvent, target: TypeSchema, catalog: TargetCatalog): Translation {
  const losses = new FieldLosses();
  const carried = carryFields(event, target, catalog, losses, ExcludedFields.none);
  const fields = fillRequired(carried, 'always', target, event, catalog, losses);
  return { fields, losses: losses.list() };
}
