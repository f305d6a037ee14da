import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import { FeedError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { anAttachment, anIncident } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';

const PIECES = [Buffer.alloc(200_000, 1), Buffer.alloc(1), Buffer.alloc(100_001, 2)];
const BYTES = Buffer.concat(PIECES);

export const content: readonly TargetScenario[] = [
  {
    name: 'leaves contents alone that it does not want',
    isFor: ({ capabilities }) => !capabilities.content,
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { event, streams } = counting(() => Readable.from(PIECES));
      await subject.takenOrSkipped(event);
      expect(streams).toEqual([]);
    },
  },
  {
    name: 'carries every byte of a content, and lets its stream go',
    isFor: ({ capabilities }) => capabilities.content,
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { event, streams } = counting(() => Readable.from(PIECES));
      await subject.delivered(event);
      await bytesAre(await subject.bytesThere(event));
      await subject.delivered(event, { attempt: 2 });
      expect(await subject.there(event)).toHaveLength(1);
      await bytesAre(await subject.bytesThere(event));
      expect(streams.length).toBeGreaterThan(0);
      expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
    },
  },
  {
    name: 'asks for a fresh stream when a content broke off, and never keeps the half',
    isFor: ({ capabilities }) => capabilities.content,
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const broken = async function* (): AsyncGenerator<Buffer> {
        yield BYTES.subarray(0, 100_000);
        throw new Error('the source hung up');
      };
      let opened = 0;
      const { event, streams } = counting(() =>
        (opened += 1) === 1 ? Readable.from(broken()) : Readable.from(PIECES),
      );
      const error = await subject.failure(subject.deliver(event));
      if (FeedError.is(error)) expect(error).not.toMatchObject({ kind: 'permanent' });
      expect(await subject.there(event)).toEqual([]);
      await subject.delivered(event, { attempt: 2 });
      await bytesAre(await subject.bytesThere(event));
      expect(await subject.there(event)).toHaveLength(1);
      expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
    },
  },
  {
    name: 'takes, skips or refuses a file whose bytes are not carried (include_attachment_data is off)',
    isFor: ({ capabilities }) => capabilities.content,
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { content: _content, ...bare } = anAttachment();
      await subject.takenOrRefused(bare);
      await subject.delivered(anIncident({ payload: { name: 'Still fine', vers: 2 } }));
    },
  },
];

/** An attachment, and every stream that was opened of it. */
function counting(open: () => Readable): { readonly event: FeedEvent; readonly streams: readonly Readable[] } {
  const streams: Readable[] = [];
  const event = anAttachment({
    payload: { size: BYTES.length },
    open: async () => {
      const stream = open();
      streams.push(stream);
      return stream;
    },
  });
  return { event, streams };
}

async function bytesAre(bytes: Uint8Array | undefined): Promise<void> {
  if (bytes !== undefined) expect(BYTES.equals(bytes)).toBe(true);
}
