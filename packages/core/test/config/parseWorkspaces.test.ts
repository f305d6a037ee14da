import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWorkspaces } from '../../src/config/parseWorkspaces.js';

describe('parseWorkspaces', () => {
  it.each<[string, Record<string, string[]>]>([
    [
      '"Default Workspace": ["a"], \'B\': ["x","y"], "C": "one"',
      { 'Default Workspace': ['a'], B: ['x', 'y'], C: ['one'] },
    ],
    ['"A":["x",],\n"B" : [ ] ,', { A: ['x'], B: [] }],
    ['"A": ("x", \'y\')', { A: ['x', 'y'] }],
    ['"A": ("x")', { A: ['x'] }],
    [String.raw`"q\"q": ['it\'s'], 'é\u00e9\x41\n\d': ["\\"]`, { 'q"q': ["it's"], 'ééA\n\\d': ['\\'] }],
    [String.raw`"\U0001F600": ["a"]`, { '😀': ['a'] }],
  ])('reads %s', (text, expected) => {
    expect(parseWorkspaces(text)).toEqual({ workspaces: new Map(Object.entries(expected)), issues: [] });
  });

  it.each([
    ['“Default”: ["a"]', 'the typographic quote “ (use " or \') stands there (at character 1)'],
    ['"A": [”x”]', 'the typographic quote ” (use " or \') stands there (at character 7)'],
    ['A: ["a"]', '"A" stands there (at character 1)'],
    ['"A" ["a"]', '":" is expected after the workspace label, but "[" stands there (at character 5)'],
    ['"A": ["a"] "B": ["b"]', '"," is expected between two workspaces, but "\\"" stands there (at character 12)'],
    [
      '"A": ["a" "b"]',
      '"," is expected between two feeds (or "]" after the last), but "\\"" stands there (at character 11)',
    ],
    ['"A": ["a"', 'but the end stands there (at character 10)'],
    ['"A": ', 'a list of feeds in quotes is expected, but the end stands there (at character 6)'],
    ['"A: ["a"]', '":" is expected after the workspace label, but "a" stands there (at character 7)'],
    ['"A": ["a\n"]', 'the quote " is never closed (at character 7)'],
    ['"A": ["a"], "A": ["b"]', 'the workspace "A" stands a second time (at character 13)'],
    ['{"A": ["a"]}', '"{" stands there (at character 1)'],
    ['"A": [1]', '"1" stands there (at character 7)'],
    ['"A": None', '"N" stands there (at character 6)'],
    [' ', 'no workspace stands in it'],
    [String.raw`"\UFFFFFFFF": "a"`, 'the escape names no character'],
  ])('refuses %s', (text, expected) => {
    const { workspaces, issues } = parseWorkspaces(text);
    expect(workspaces.size).toBe(0);
    expect(issues).toEqual([{ section: 'feeds', key: 'workspaces', problem: expect.stringContaining(expected) }]);
    expect(issues[0]?.problem).toContain('write it as "Default workspace": [');
  });

  it('gives back whatever is written down, and never throws', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(fc.dictionary(name, fc.array(name, { maxLength: 3 }), { minKeys: 1 }), (workspaces) => {
        // A JSON text is a Python text, except for surrogate pairs, which stay as they are.
        const text = Object.entries(workspaces)
          .map(([label, feeds]) => `${JSON.stringify(label)}: ${JSON.stringify(feeds)}`)
          .join(', ');
        expect(parseWorkspaces(text)).toEqual({ workspaces: new Map(Object.entries(workspaces)), issues: [] });
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', "'", 'a', ':', ',', '[', ']', '(', ')', '\\', '\n', 'x', 'U', '0')),
        (parts) => {
          const { workspaces, issues } = parseWorkspaces(parts.join(''));
          expect(workspaces.size > 0).toBe(issues.length === 0);
        },
      ),
    );
  });
});
