import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { mutants } from '../src/mutants/mutants.js';
import { scenarios } from '../src/scenarios/scenarios.js';

const packages = fileURLToPath(new URL('../..', import.meta.url));

describe('mutants', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('"%s" still fits the code', (_, mutant) => {
    const parts = readFileSync(`${packages}${mutant.file}`, 'utf8').split(mutant.find);
    expect(`${mutant.file}: its text stands there ${parts.length - 1} times`).toBe(
      `${mutant.file}: its text stands there 1 times`,
    );
    if ('scenario' in mutant) expect(Object.keys(scenarios)).toContain(mutant.scenario);
    else if ('test' in mutant) expect(existsSync(`${packages}${mutant.test}`)).toBe(true);
  });

  it('each has a name of its own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});
