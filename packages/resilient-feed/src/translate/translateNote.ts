import type { FeedEvent } from '@soar-feed/core';
import { chosenOptions } from '../fields/chosenOptions.js';
import { escapeHtml } from '../fields/entities.js';
import { isoOf } from './isoOf.js';
import { readTextArea, toRichText } from '../fields/richText.js';
import type { RichText, Translation } from '../fields/TranslatedField.js';
import type { TranslateOptions } from './TranslateOptions.js';
import { wellFormed } from '../fields/wellFormed.js';

/**
 * A note of an incident or a task: its text. The server sets author and date; `keep_author` puts them into the text.
 */
export function translateNote(event: FeedEvent, options: TranslateOptions): Translation {
  const area = readTextArea(event.payload['text'], event.schema.fields.get('text'));
  const text = area === undefined ? null : toRichText(area);
  const value = text !== null && options.keepAuthor ? withAuthor(text, event) : text;
  return { fields: [{ name: 'text', inputType: 'textarea', value }], losses: [] };
}

function withAuthor(text: RichText, event: FeedEvent): RichText {
  const created = event.payload['create_date'];
  const when = typeof created === 'number' ? ` on ${isoOf(created)}` : '';
  const line = `${wellFormed(authorOf(event))} wrote${when}:`;
  if (text.format === 'text') return { format: 'text', content: `${line}\n${text.content}` };
  return { format: 'html', content: `<div>${escapeHtml(line)}</div>${text.content}` };
}

function authorOf({ payload, schema }: FeedEvent): string {
  const { user_name: name, user_fname: first, user_lname: last } = payload;
  if (typeof name === 'string' && name !== '') return name;
  const parts = [first, last].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length > 0) return parts.join(' ');
  const user = chosenOptions(payload['user_id'], schema.fields.get('user_id'))[0];
  return user?.label ?? 'Somebody';
}
