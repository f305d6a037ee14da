import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Literal } from '../../src/filter/Criteria.js';
import { CriteriaError } from '../../src/filter/CriteriaError.js';
import { parseCriteria } from '../../src/filter/parseCriteria.js';

const bare = (text: string): Literal => ({ text, quoted: false });
const quoted = (text: string): Literal => ({ text, quoted: true });

/** `field operator value, value`, quoted values in quotes: what the parser understood, in one line. */
function shown(text: string): string[] {
  return parseCriteria(text, 'all').clauses.map(({ section, field, operator, values }) => {
    const name = section === undefined ? field : `${section}/${field}`;
    return `${name} ${operator} ${values.map((value) => (value.quoted ? JSON.stringify(value.text) : value.text)).join(' | ')}`;
  });
}

describe('parseCriteria', () => {
  it.each([
    ['severity_code = High', ['severity_code == High']],
    ['severity_code==High', ['severity_code == High']],
    [
      'id =< 5; id <= 6; id >= 7; id => 8; id < 9; id > 1',
      ['id <= 5', 'id <= 6', 'id >= 7', 'id >= 8', 'id < 9', 'id > 1'],
    ],
    ['name ~ urgent mail', ['name ~ urgent mail']],
    ['name != "x"', ['name != "x"']],
    ["name == 'it''s'".replace("''", "\\'"), ['name == "it\'s"']],
    ['name == "a;b, c = d"', ['name == "a;b, c = d"']],
    ['name == "tab\\t quote\\" back\\\\slash C:\\data"', ['name == "tab\\t quote\\" back\\\\slash C:\\\\data"']],
    ["name ~ don't panic; id = 3", ["name ~ don't panic", 'id == 3']],
    ['owner_id IS NOT None', ['owner_id is not None']],
    ['owner_id is  not None', ['owner_id is not None']],
    ['name is notable', ['name is notable']],
    ['severity_code in ["High", \'Low\', Medium]', ['severity_code in "High" | "Low" | Medium']],
    ['severity_code Not  In (High, Low,)', ['severity_code not in High | Low']],
    ['id in [1, 2.5, -3, None, true]', ['id in 1 | 2.5 | -3 | None | true']],
    ['pii.data_compromised = true;properties.x ~ y', ['pii/data_compromised == true', 'properties/x ~ y']],
    [' ; ;severity_code = High ;', ['severity_code == High']],
    ['severity_code =\n  High;\n  id > 4', ['severity_code == High', 'id > 4']],
    ['', []],
    [' ;; ', []],
    // Without ;, commas separate where every part is a clause.
    ['severity_code = High, id > 4', ['severity_code == High', 'id > 4']],
    ['a == "x,y", b in [1,2], c ~ z', ['a == "x,y"', 'b in 1 | 2', 'c ~ z']],
    ['owner_id = Doe, Jane', ['owner_id == Doe, Jane']],
    ['owner_id = Doe, Jane; id = 4', ['owner_id == Doe, Jane', 'id == 4']],
  ])('reads %j', (text, clauses) => {
    expect(shown(text)).toEqual(clauses);
  });

  it.each([
    ['severity_code', 'no operator'],
    ['severity_code === High', 'unknown operator ==='],
    ['severity_code <> High', 'unknown operator <>'],
    ['= High', 'a clause is `field operator value`'],
    ['a.b.c = 1', 'no operator'],
    ['name =', 'the value is missing'],
    ['name = ; id = 4', 'the value is missing'],
    ['owner_id is not', 'the value is missing'],
    ['name == "open', 'no closing "'],
    ['name == "a" b', 'more text after the value'],
    ['id in [1, 2', 'no closing ]'],
    ['id in [1 2) ; x = 1', 'no closing ]'],
    ['id in []', 'the list is empty'],
    ['severity_code in High', 'need a list in brackets'],
    ['severity_code in High, Low', 'need a list in brackets'],
    ['severity_code not in "High", "Low"; a = 1', 'need a list in brackets'],
    ['id in 5', 'need a list in brackets'],
    ['name ~ [a, b]', 'a list goes with `in` or `not in`'],
    ['name = [a]', 'a list goes with `in` or `not in`'],
    ['id in [[1]]', 'a list inside a list'],
    ['id == [1]', 'goes with `in`'],
    ['name = a, b, severity_code = High', 'is a comma part of the value'],
  ])('refuses %j: %s', (text, problem) => {
    expect(() => parseCriteria(text, 'all')).toThrow(CriteriaError);
    expect(() => parseCriteria(text, 'all')).toThrow(problem);
  });

  it('names the clause that is wrong', () => {
    expect(() => parseCriteria('id = 4; severity_code High; name = x', 'all')).toThrow('clause "severity_code High"');
  });

  it('notes what it read otherwise than written', () => {
    expect(parseCriteria('id =< 4', 'any')).toMatchObject({ combine: 'any', notes: ['=< is read as <='] });
    expect(parseCriteria('id = 4, name = x', 'all').notes).toEqual([expect.stringContaining('2 clauses')]);
    expect(parseCriteria('id = 4; name = x', 'all').notes).toEqual([]);
  });

  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((word) => !['in', 'is', 'not'].includes(word));
  const operators = ['==', '!=', '<', '<=', '>', '>=', '~', 'is', 'is not', 'in', 'not in'] as const;
  const clause = fc
    .record({
      section: fc.option(name, { nil: undefined }),
      field: name,
      operator: fc.constantFrom(...operators),
      values: fc.array(
        fc.oneof(
          fc.string().map(quoted),
          fc
            .stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .-]{0,9}$/)
            .map((text) => bare(text.trim()))
            .filter(({ text }) => !/^not\b/i.test(text)),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    })
    .map((parts) => (parts.operator.endsWith('in') ? parts : { ...parts, values: parts.values.slice(0, 1) }));

  it('reads back whatever is written with quotes and brackets', () => {
    fc.assert(
      fc.property(
        fc.array(clause, { maxLength: 5 }),
        fc.constantFrom('"', "'"),
        fc.boolean(),
        (clauses, quote, round) => {
          const written = clauses.map(({ section, field, operator, values }) => {
            const texts = values.map((value) =>
              value.quoted ? quote + escaped(value.text, quote) + quote : value.text,
            );
            const list = round ? `(${texts.join(', ')})` : `[${texts.join(',')}]`;
            return `${section === undefined ? '' : `${section}.`}${field} ${operator} ${operator.endsWith('in') ? list : texts[0]}`;
          });
          const read = parseCriteria(written.join(';'), 'all').clauses;
          expect(read).toEqual(
            clauses.map(({ section, field, operator, values }, index) => ({
              ...(section === undefined ? {} : { section }),
              field,
              operator,
              values,
              text: written[index],
            })),
          );
        },
      ),
    );
  });

  it('throws nothing but its own error', () => {
    const piece = fc.constantFrom(
      'a',
      'name',
      ' ',
      '=',
      '<',
      '>',
      '~',
      '!',
      '"',
      "'",
      '\\',
      '[',
      ']',
      '(',
      ')',
      ',',
      ';',
      '.',
      'in ',
      'not ',
      'is ',
      '5',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            parseCriteria(text, 'all');
          } catch (error) {
            expect(error).toBeInstanceOf(CriteriaError);
            expect((error as CriteriaError).message).toContain('clause "');
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

function escaped(text: string, quote: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}
