import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FeedEvent } from '@soar-feed/core';
import { emailType } from '../../fields/emailTypes.js';
import type { EmailForm } from '../../fields/emailTypes.js';
import { readEmail } from './EmailMessage.js';
import type { EmailMessage } from './EmailMessage.js';
import { emailFile, emailFileName } from './emailFile.js';
import { emailNote } from './emailNote.js';

/**
 * The event of an e-mail message as one of the note or the attachment that stands for it in the target: from here on it is
 * written, found again and deleted like any other. It keeps its id, its place and the date when the source received it.
 */
export function asWritten(event: FeedEvent, form: EmailForm): FeedEvent {
  const { key, payload } = event;
  const email = readEmail(payload);
  const born = email.receivedMs === undefined ? {} : { create_date: email.receivedMs };
  const written = { ...event, key: { ...key, type: emailType(form) } };
  if (form === 'note')
    return { ...written, payload: { id: key.objectId, text: emailNote(key.objectId, email), ...born } };
  return { ...written, ...fileOf(key.objectId, email, born) };
}

function fileOf(id: number, email: EmailMessage, born: object): Pick<FeedEvent, 'payload' | 'content'> {
  const bytes = emailFile(email);
  const name = emailFileName(id, email);
  const size = bytes.length;
  return {
    payload: { id, name, size, digest: createHash('sha256').update(bytes).digest('base64url'), ...born },
    content: {
      name,
      contentType: 'message/rfc822',
      size,
      open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
    },
  };
}
