import { Readable } from 'node:stream';
import { FeedError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { anAttachment, anIncident } from '../../events/builders.js';
import { must, show } from '../must.js';
import { takesContents } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

const PIECES = [Buffer.alloc(200_000, 1), Buffer.alloc(1), Buffer.alloc(100_001, 2)];
const BYTES = Buffer.concat(PIECES);

export const content: readonly TargetScenario[] = [
  {
    name: 'never opens content that it does not want',
    needs: [takesContents(false)],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { event, streams } = counting(() => Readable.from(PIECES));
      await subject.takenOrSkipped(event);
      const promise = 'leave contents unopened, since it declares `content: false`';
      must(streams.length === 0, promise, `it opened ${streams.length}`);
    },
  },
  {
    name: 'writes every byte of the content, and closes its stream',
    needs: [takesContents(true)],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { event, streams } = counting(() => Readable.from(PIECES));
      await subject.delivered(event);
      await bytesAre(await subject.bytesThere(event));
      await subject.delivered(event, { attempt: 2 });
      await subject.holds(event, 1, 'two deliveries of it');
      await bytesAre(await subject.bytesThere(event));
      must(
        streams.length > 0,
        'open the content of an attachment, since it declares `content: true`',
        'it opened none',
      );
      areLetGo(streams);
    },
  },
  {
    name: 'opens a fresh stream when content breaks off, and never keeps a half',
    needs: [takesContents(true)],
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
      const promise = 'fail a delivery whose content breaks off (let the stream’s error through), never for ever';
      const error = await subject.failure(subject.deliver(event), promise);
      must(!FeedError.is(error) || error.kind !== 'permanent', promise, `it threw ${show(error)}`);
      await subject.holds(event, 0, 'a content that broke off: never a half');
      await subject.delivered(event, { attempt: 2 });
      await bytesAre(await subject.bytesThere(event));
      await subject.holds(event, 1, 'a second attempt');
      areLetGo(streams);
    },
  },
  {
    name: 'accepts, skips or refuses a file whose bytes are not given (include_attachment_data is off)',
    needs: [takesContents(true)],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const { content: _content, ...bare } = anAttachment();
      await subject.takenOrRefused(bare);
      await subject.delivered(anIncident({ payload: { name: 'Still fine', vers: 2 } }));
    },
  },
];

/** An attachment, and every stream that was opened for it. */
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
  if (bytes === undefined) return;
  const did = `readContent gave ${bytes.length} bytes of ${BYTES.length}`;
  must(BYTES.equals(bytes), 'carry every byte of a content', bytes.length === BYTES.length ? `${did}, others` : did);
}

function areLetGo(streams: readonly Readable[]): void {
  const open = streams.filter(({ destroyed }) => !destroyed).length;
  const promise = 'read every content to its end or destroy its stream: an open one holds a connection to the source';
  must(open === 0, promise, `${open} of ${streams.length} streams hang open`);
}
