import { surroundings } from '@soar-feed/soar-client';
import type { QueueMessage } from '@soar-feed/soar-client';

/** Messages without an id get one each: they are not the same message. */
export function named(message: QueueMessage): QueueMessage {
  return message.messageId === '' ? { ...message, messageId: `unnamed:${surroundings().uuid()}` } : message;
}
