import { once } from 'node:events';
import { addAbortSignal, Readable } from 'node:stream';
import { anAttachment, anIncident } from '../../events/builders.js';
import { HONOURS, notTheObjectsFault, soon } from '../lettingGo.js';
import { must, show } from '../must.js';
import { takesContents } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

const NAMES = [
  '../../../etc/passwd',
  'C:\\windows\\system32\\con.txt',
  'a"b;c\r\nX-Header: d.txt',
  `${'long '.repeat(80)}.eml`,
  'größe 😀 データ.pdf',
  '.',
];

export const contentEdges: readonly TargetScenario[] = [
  {
    name: 'writes an empty file, or refuses it',
    needs: [takesContents(true)],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const event = anAttachment({ payload: { size: 0 }, open: async () => Readable.from([]) });
      if ((await subject.takenOrRefused(event)) !== 'delivered') return;
      const bytes = await subject.bytesThere(event);
      const promise = 'carry an empty file as one, or refuse it';
      must(bytes === undefined || bytes.length === 0, promise, `readContent gave ${bytes?.length} bytes`);
    },
  },
  {
    name: 'accepts or refuses files with hostile names, each with its own bytes',
    needs: [takesContents(true)],
    async run(subject) {
      await subject.open();
      for (const [at, name] of NAMES.entries()) {
        const incidentId = 2900 + at;
        await subject.delivered(anIncident({ incidentId }));
        const text = `bytes of file ${at}`;
        const open = async (): Promise<Readable> => Readable.from([Buffer.from(text)]);
        const event = anAttachment({ incidentId, payload: { name, size: text.length }, open });
        if ((await subject.takenOrRefused(event)) !== 'delivered') continue;
        const bytes = await subject.bytesThere(event);
        const did = `readContent gave ${show(bytes && Buffer.from(bytes).toString())} for ${show(name)}`;
        must(bytes === undefined || Buffer.from(bytes).toString() === text, 'keep files apart by their ids', did);
      }
    },
  },
  {
    name: 'stops when content hangs and the delivery is aborted, and closes the stream',
    needs: [takesContents(true)],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const stream = new Readable({ read: () => undefined });
      stream.on('error', () => undefined);
      stream.push(Buffer.alloc(1_000, 1));
      let opened = (): void => undefined;
      const isOpen = new Promise<void>((resolve) => (opened = resolve));
      const event = anAttachment({
        payload: { size: 2_000 },
        // As the source's does, it ends with the signal that it was opened with.
        open: async ({ signal } = {}) => {
          opened();
          return signal === undefined ? stream : addAbortSignal(signal, stream);
        },
      });
      const stopping = new AbortController();
      const hanging = subject.failure(subject.deliver(event, { signal: stopping.signal }), HONOURS);
      hanging.catch(() => undefined);
      await soon(Promise.race([isOpen, hanging]));
      stopping.abort(new Error('the host stops'));
      notTheObjectsFault(await soon(hanging));
      const closed = stream.destroyed || soon(once(stream, 'close'));
      await Promise.resolve(closed).catch(() => {
        must(false, 'destroy the stream of a content when its delivery is given up', 'it hangs open');
      });
      await subject.holds(event, 0, 'a content that was given up: never a half');
    },
  },
];
