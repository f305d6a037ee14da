import { describe, expect, it } from '@jest/globals';
import { csvLine } from '../../src/output/csv.js';

describe('a line of CSV', () => {
  it('quotes what would break it', () => {
    expect(csvLine(['plain', 'a,b', 'say "no"', 'two\nlines', 7, ''])).toBe(
      'plain,"a,b","say ""no""","two\nlines",7,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-2+3', '@SUM(A1)', '\tx', '\rx'])('holds %j as a text, not as a formula', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  });

  it('leaves numbers alone', () => {
    expect(csvLine([-5])).toBe('-5\r\n');
  });
});
