import { describe, expect, it } from '@jest/globals';
import { toBody, toRowBody } from '../../src/translate/bodies.js';
import { fieldDigests } from '../../src/translate/digest.js';
import { decodeEntities } from '../../src/fields/entities.js';
import { htmlToText } from '../../src/fields/richText.js';
import { mergeInto } from '../../src/write/types/mergeInto.js';
import { currentValue } from '../../src/write/TargetObject.js';

/** Names under which every object inherits something. */
const NAMES = ['__proto__', 'constructor', 'valueOf', 'toString', 'hasOwnProperty'];

const field = (name: string, prefix?: string) => ({
  ...{ name, inputType: 'text', value: 'ours' },
  ...(prefix === undefined ? {} : { prefix }),
});

describe.each(NAMES)('a name from outside that is %s', (name) => {
  it('is a plain entity in rich text', () => {
    expect(decodeEntities(`a &${name}; b &amp; c`)).toBe(`a &${name}; b & c`);
    expect(htmlToText(`<p>&${name};</p>`)).toBe(`&${name};`);
  });

  it.each([undefined, 'properties', name])('is a field like others, in section %s', (prefix) => {
    const body = toBody([field(name, prefix), field('other', prefix)]);
    expect(currentValue(body, field(name, prefix))).toBe('ours');
    expect(currentValue(JSON.parse(JSON.stringify(body)) as object as never, field(name, prefix))).toBe('ours');
    expect(currentValue({ properties: {} }, field(name, prefix))).toBeUndefined();
    expect(currentValue(mergeInto({ id: 1 }, [field(name, prefix)]), field(name, prefix))).toBe('ours');
  });

  it('is a column and a digest like others', () => {
    expect(Object.keys(toRowBody([field(name)]).cells)).toEqual([name]);
    expect(Object.keys(fieldDigests([field(name)]))).toEqual([name]);
  });
});
