import { describe, expect, it } from '@jest/globals';
import { decodeBody } from '../../src/stomp/decodeBody.js';

describe('decodeBody', () => {
  const text = (...bytes: number[]) => decodeBody(Uint8Array.from(bytes));

  it('joins halves of three bytes, and replaces what stands alone', () => {
    expect(text(0x22, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0x22)).toBe('"😀"');
    expect(text(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x81)).toBe('😀😁');
    expect(text(0xed, 0xa0, 0xbd, 0x41)).toBe('\ufffd\ufffd\ufffdA');
    expect(text(0xed, 0xb8, 0x80, 0xed, 0xa0, 0xbd)).not.toContain('😀');
    expect(text(0x41, 0xff, 0x42)).toBe('A\ufffdB');
  });

  it('leaves all else alone, a part of a larger buffer too', () => {
    const plain = 'Ünïcode ퟿ 😀 日本';
    const larger = Buffer.from(`xx${plain}xx`);
    expect(decodeBody(larger.subarray(2, larger.length - 2))).toBe(plain);
    expect(decodeBody(new Uint8Array())).toBe('');
  });
});
