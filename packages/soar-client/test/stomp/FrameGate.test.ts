import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameGate } from '../../src/stomp/FrameGate.js';

const MAX = 100_000;

/** The output for these bytes, handed over in pieces of this size. */
function through(bytes: Buffer, piece: number, max = MAX): Buffer {
  const out: Buffer[] = [];
  const gate = new FrameGate(max, (passed) => out.push(Buffer.from(passed)));
  for (let at = 0; at < bytes.length; at += piece) gate.take(bytes.subarray(at, at + piece));
  return Buffer.concat(out);
}

function frame(body: Buffer, counted: boolean, eol = '\n'): Buffer {
  const lines = ['MESSAGE', 'message-id:1', ...(counted ? [`content-length:${body.length}`] : []), '', ''];
  return Buffer.concat([Buffer.from(lines.join(eol)), body, Buffer.from([0])]);
}

describe('FrameGate', () => {
  it('changes nothing of frames of a fair size, however they are cut on the way', () => {
    const body = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const one = fc.oneof(
      body.map((bytes) => frame(bytes, true)),
      body.map((bytes) => frame(Buffer.from(bytes.filter((byte) => byte !== 0)), false)),
      body.map((bytes) => frame(bytes, true, '\r\n')),
      fc.constant(Buffer.from('\n')),
      fc.constant(Buffer.from('\r\n\n')),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (frames, piece) => {
        const bytes = Buffer.concat(frames);
        expect(through(bytes, piece).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([true, false])(
    'cuts a body that is too large, its length told: %p, and goes on with the next frame',
    (counted) => {
      const large = frame(Buffer.alloc(MAX + 1, 'x'), counted);
      const next = frame(Buffer.from('{}'), counted);
      for (const piece of [1_000, 70_001, 1_000_000]) {
        const text = through(Buffer.concat([next, large, next]), piece).toString();
        const [before, cut, after] = text.split('\0');
        expect([before, after]).toEqual([next.toString().slice(0, -1), next.toString().slice(0, -1)]);
        expect(cut?.startsWith('MESSAGE\ncontent-length:65536\nsoar-feed-cut-from:100001\nmessage-id:1\n')).toBe(true);
        expect(cut?.endsWith(`\n\n${'x'.repeat(65_536)}`)).toBe(true);
      }
    },
  );

  it('lets a body of just the size through whole', () => {
    const fits = frame(Buffer.alloc(MAX, 'x'), true);
    expect(through(fits, 999).equals(fits)).toBe(true);
  });

  it('gives up on a line that speaks something else', () => {
    expect(() => through(Buffer.alloc(3 * 1024 * 1024, 'x'), 65_536)).toThrow('no STOMP');
  });
});
