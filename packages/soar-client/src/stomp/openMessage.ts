import type { IMessage } from '@stomp/stompjs';
import { decodeBody } from './decodeBody.js';
import { isAcksQueue } from './destinations.js';
import { CUT_FROM } from './FrameGate.js';
import type { QueueMessage } from './QueueMessage.js';
import type { Send } from './StompSession.js';

/** Where a message's acknowledgement and replies go. */
export interface MessageLine {
  acked(ackId: string): void;
  send(reply: Send): void;
  /** The message asks for its answer at a forbidden place: no answer is sent. */
  refused(destination: string): void;
}

/** A MESSAGE frame as the consumer sees it, tied to the session that brought it. */
export function openMessage(
  frame: IMessage,
  { orgId, defaultReplyTo }: { readonly orgId: number; readonly defaultReplyTo: string },
  line: MessageLine,
): { ackId: string; message: QueueMessage } {
  const { [CUT_FROM]: cutFrom, ...headers } = frame.headers;
  const messageId = headers['message-id'] ?? '';
  const ackId = headers['ack'] ?? messageId;
  let acked = false;
  return {
    ackId,
    message: {
      messageId,
      headers,
      body: decodeBody(frame.binaryBody),
      ...(cutFrom === undefined ? {} : { cutFromBytes: Number(cutFrom) }),
      redelivered: headers['redelivered'] === 'true',
      ack: () => {
        if (acked) return;
        acked = true;
        frame.ack();
        line.acked(ackId);
      },
      reply: ({ type, message, complete, results }) => {
        const destination = headers['reply-to'] ?? defaultReplyTo;
        if (!isAcksQueue(orgId, destination)) return line.refused(destination);
        const correlationId = headers['correlation-id'];
        line.send({
          destination,
          headers: correlationId === undefined ? {} : { 'correlation-id': correlationId },
          body: JSON.stringify({
            message_type: type,
            message,
            complete,
            ...(results === undefined ? {} : { results }),
          }),
        });
      },
    },
  };
}
