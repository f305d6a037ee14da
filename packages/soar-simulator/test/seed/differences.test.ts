import { describe, expect, it } from '@jest/globals';
import { readArguments } from '../../src/command/readArguments.js';
import { differences, differingOrgs } from '../../src/seed/differences.js';

describe('the differences of --differ', () => {
  it('are twenty, each by itself, and together', () => {
    expect(new Set(differences.map(({ name }) => name)).size).toBe(20);
    const { source, target: twin } = differingOrgs([]);
    expect({ ...twin, id: source.id, name: source.name }).toEqual(source);
    for (const one of differences) {
      const { target } = differingOrgs([one]);
      expect([one.name, target]).not.toEqual([one.name, twin]);
    }
    const all = differingOrgs().target;
    // Each of them is still there when the others are.
    for (const { name, apply } of differences) {
      // These add something, so twice is more.
      if (!/^(required|retired|missing-built-in-field)/.test(name)) expect([name, apply(all)]).toEqual([name, all]);
    }
  });

  it('exclude organizations of a file', async () => {
    const show = (): void => undefined;
    const given = await readArguments(['--differ', '--fresh'], show);
    expect(given?.differences).toHaveLength(20);
    expect(given?.orgs.map(({ feedPackage }) => feedPackage)).toEqual([false, false]);
    await expect(readArguments(['--differ', '--orgs', 'x.json'], show)).rejects.toThrow(
      /--differ: --orgs says already/,
    );
  });
});
