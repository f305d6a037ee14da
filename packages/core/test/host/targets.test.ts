import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { discoverTargets, targetFor } from '../../src/host/discoverTargets.js';
import type { DiscoveredTarget } from '../../src/host/discoverTargets.js';
import { loadTarget } from '../../src/host/loadTarget.js';

let temp: TempFolder;
beforeEach(async () => {
  temp = await tempFolder();
});
afterEach(async () => {
  await temp.remove();
});

interface Fixture {
  readonly name: string;
  /** Its place below the temporary folder. */
  readonly at: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly entry?: string;
}

const SOUND = { contract: 1, types: ['shelf', 'ShelfFeed'] };
/** What a module must look like; the check is by shape, so that a second copy of inversify or zod is not a fault. */
const ENTRY = `export default { type: 'shelf', contract: 1, config: { safeParse() {} }, module: { id: 1 } };\n`;

function install({ name, at, manifest = {}, entry = ENTRY }: Fixture): string {
  const folder = temp.file(at);
  mkdirSync(folder, { recursive: true });
  const all = { name, version: '1.2.3', type: 'module', exports: { '.': './index.js' }, soarFeed: SOUND, ...manifest };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(all));
  writeFileSync(join(folder, 'index.js'), entry);
  return folder;
}

/** A config folder with a package.json that depends on the names. */
function configFile(dependencies: readonly string[] = []): string {
  mkdirSync(temp.file('config'), { recursive: true });
  const manifest = { name: 'site', dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) };
  writeFileSync(temp.file('config/package.json'), JSON.stringify(manifest));
  return temp.file('config/app.config');
}

/** Only what the test installed: the host stands in the temporary folder too. */
const discover = (file: string, targetPackages: readonly string[] = []) =>
  discoverTargets({ configFile: file, targetPackages, hostFile: temp.file('host/dist/index.js') });
const thrown = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('discoverTargets', () => {
  it('finds named packages, dependencies of the config folder, and what is installed beside the host, in that order', () => {
    install({ name: 'beside', at: 'host/node_modules/beside' });
    install({ name: '@site/scoped', at: 'host/node_modules/@site/scoped' });
    install({ name: 'no-target', at: 'host/node_modules/no-target', manifest: { soarFeed: undefined } });
    install({ name: 'dependency', at: 'config/node_modules/dependency' });
    install({ name: 'not-named', at: 'config/node_modules/not-named' });
    install({ name: 'by-path', at: 'elsewhere/by-path' });
    install({ name: 'by-name', at: 'config/node_modules/by-name' });
    const found = discover(configFile(['dependency', 'by-name', 'absent']), ['../elsewhere/by-path', 'by-name']);
    expect(found.map(({ packageName, foundBy }) => [packageName, foundBy])).toEqual([
      ['by-path', 'target_packages'],
      ['by-name', 'target_packages'],
      ['dependency', 'dependency of the config folder'],
      ['@site/scoped', 'installed beside soar-feed'],
      ['beside', 'installed beside soar-feed'],
    ]);
    expect(found[0]).toMatchObject({ version: '1.2.3', contract: 1, types: ['shelf', 'ShelfFeed'] });
  });

  it('counts a package once that is linked from two places', () => {
    const folder = install({ name: 'linked', at: 'elsewhere/linked' });
    mkdirSync(temp.file('config/node_modules'), { recursive: true });
    symlinkSync(folder, temp.file('config/node_modules/linked'));
    expect(discover(configFile(['linked']), ['../elsewhere/linked'])).toMatchObject([
      { packageName: 'linked', foundBy: 'target_packages' },
    ]);
  });

  it('survives broken manifests on its way', () => {
    mkdirSync(temp.file('config/node_modules/broken'), { recursive: true });
    writeFileSync(temp.file('config/node_modules/broken/package.json'), '{"name":');
    mkdirSync(temp.file('host/node_modules/odd/package.json'), { recursive: true });
    install({ name: 'half', at: 'host/node_modules/half', manifest: { soarFeed: { contract: '1', types: 'shelf' } } });
    install({ name: 'sound', at: 'host/node_modules/sound' });
    expect(discover(configFile(['broken'])).map(({ packageName }) => packageName)).toEqual(['sound']);
  });

  it.each([
    ['is not installed', 'absent', 'npm install absent'],
    ['has no folder at its path', './absent', 'no target package'],
    ['is no target', '../elsewhere/plain', '"soarFeed"'],
  ])('says of a named package that it %s', (_, name, words) => {
    install({ name: 'plain', at: 'elsewhere/plain', manifest: { soarFeed: undefined } });
    const failure = thrown(() => discover(configFile(), [name]));
    expect(failure).toMatchObject({ kind: 'target-load', code: 'target-missing-package' });
    expect(String(failure)).toContain(words);
  });
});

describe('targetFor', () => {
  const target = (packageName: string, more: Partial<DiscoveredTarget> = {}): DiscoveredTarget => ({
    ...{ packageName, version: '1.0.0', folder: `/${packageName}`, contract: 1, types: ['shelf', 'ShelfFeed'] },
    foundBy: 'installed beside soar-feed',
    ...more,
  });

  it('takes the first place that has the class, without case', () => {
    const targets = [target('named', { foundBy: 'target_packages' }), target('beside')];
    expect(targetFor('SHELFFEED', targets).packageName).toBe('named');
    expect(targetFor('shelf', targets.slice(1)).packageName).toBe('beside');
  });

  it.each([
    ['nobody offers it', [target('other', { types: ['drawer'] })], 'target-unknown-class', 'drawer (other)'],
    ['nothing is installed at all', [], 'target-unknown-class', 'no target package at all'],
    ['two in one place offer it', [target('a'), target('b')], 'target-ambiguous-class', 'a in /a and by b in /b'],
    ['it is made for another contract', [target('a', { contract: 2 })], 'target-other-contract', 'contract 2'],
  ])('refuses a class when %s', (_, targets, code, words) => {
    const failure = thrown(() => targetFor('shelf', targets));
    expect(failure).toMatchObject({ kind: 'target-load', code });
    expect(String(failure)).toContain(words);
  });
});

describe('loadTarget', () => {
  const load = async (fixture: Omit<Fixture, 'at' | 'name'>): Promise<unknown> => {
    const folder = install({ name: 'shelf-feed', at: 'config/node_modules/shelf-feed', ...fixture });
    const found = discover(configFile(['shelf-feed'])).find((each) => each.folder.endsWith('shelf-feed'));
    if (found === undefined) throw new Error(`${folder} is not found`);
    return loadTarget(found).catch((error: unknown) => error);
  };

  it('imports what the package exports', async () => {
    expect(await load({})).toMatchObject({ type: 'shelf', contract: 1 });
  });

  it('imports a package without "exports" by its "main"', async () => {
    expect(await load({ manifest: { exports: undefined, main: './index.js' } })).toMatchObject({ type: 'shelf' });
  });

  it('loads a real package of this repository', async () => {
    const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../file-feed');
    const [found] = discoverTargets({
      configFile: configFile(),
      targetPackages: [folder],
      hostFile: temp.file('x.js'),
    });
    expect(found).toMatchObject({ packageName: '@soar-feed/file-feed', types: expect.arrayContaining(['FileFeed']) });
    expect(await loadTarget(found as DiscoveredTarget)).toMatchObject({ type: 'file', contract: 1 });
  });

  it.each([
    ['throws when imported', { entry: 'throw new Error("no licence");' }, 'no licence'],
    ['has a fault of syntax', { entry: 'export default {' }, 'cannot be imported'],
    ['imports what is not installed', { entry: 'import "absent-package-of-nobody";' }, 'absent-package-of-nobody'],
    ['names an entry that is not there', { manifest: { exports: './gone.js' } }, 'cannot be imported'],
    ['exports nothing', { entry: 'export const x = 1;' }, 'no default export'],
    ['exports a function', { entry: 'export default () => 1;' }, 'no default export'],
    [
      'is made for another contract than its manifest says',
      { entry: ENTRY.replace('contract: 1', 'contract: 2') },
      'contract 2',
    ],
    ['has no type', { entry: ENTRY.replace("type: 'shelf', ", '') }, '"type"'],
    ['has no schema', { entry: ENTRY.replace('config: { safeParse() {} }', 'config: {}') }, '"config"'],
    ['has no module', { entry: ENTRY.replace('module: { id: 1 }', 'module: undefined') }, '"module"'],
  ])('refuses a package that %s', async (_, fixture, words) => {
    const failure = await load(fixture);
    expect(failure).toMatchObject({ kind: 'target-load', code: 'target-broken' });
    expect(String(failure)).toContain('shelf-feed');
    expect(String(failure)).toContain(words);
  });
});
