import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { publishedPackages, readManifest, repository, sourcesOf } from './packages.js';

const packages = publishedPackages();
const root = readManifest(repository);
const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));

/** Packages whose objects are compared by identity, or that hold a registry: one copy for the host and all targets. */
const SHARED = ['@soar-feed/core', 'inversify'];

/** The packages that the files import, whether statically, for their types or when needed. */
function importedBy(files: readonly string[]): ReadonlySet<string> {
  const imported = files.flatMap((file) =>
    ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName),
  );
  const isPackage = (name: string) => !name.startsWith('.') && !name.startsWith('node:');
  return new Set(imported.filter(isPackage).map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')));
}

describe.each(packages)('the manifest of $manifest.name', ({ folder, manifest }) => {
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
  const isTarget = manifest.soarFeed !== undefined;

  it('says what npm and Node need to know', () => {
    expect(manifest).toMatchObject({
      ...{ license: 'MIT', type: 'module', engines: { node: root.engines?.node } },
      publishConfig: { access: 'public' },
      files: expect.arrayContaining(['dist', 'src', '!dist/.tsbuildinfo']),
    });
    for (const [door, target] of Object.entries(manifest.exports ?? {})) {
      if (door === './package.json') continue;
      expect(target).toEqual({
        types: expect.stringMatching(/^\.\/dist\/[\w/]+\.d\.ts$/),
        default: expect.stringMatching(/^\.\/dist\/[\w/]+\.js$/),
      });
    }
    expect(manifest.exports).toHaveProperty(['./package.json']);
    for (const file of Object.values(manifest.bin ?? {})) {
      expect(existsSync(join(folder, file))).toBe(true);
      expect(manifest.files).toContain('bin');
    }
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
  });

  it('carries the licence, and says where it comes from', () => {
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(repository, 'LICENSE'), 'utf8'));
    const directory = `packages/${basename(folder)}`;
    const address = root.repository?.url.replace(/^git\+|\.git$/g, '');
    expect(manifest.repository).toEqual({ ...root.repository, directory });
    expect(manifest.bugs).toBe(`${address}/issues`);
    expect(manifest.homepage).toBe(`${address}/tree/main/${directory}#readme`);
    // Makes the links work where there is no repository; `npm run try-packages` tries the outcome.
    expect(manifest.scripts).toEqual({
      prepack: 'node ../packing/dist/dress.js',
      postpack: 'node ../packing/dist/undress.js',
    });
  });

  it('declares all that its source imports', () => {
    const imported = importedBy(sourcesOf(join(folder, 'src')));
    const undeclared = [...imported].filter((name) => !(name in dependencies) && !(name in peerDependencies));
    expect(undeclared.filter((name) => !builtinModules.includes(name) && name !== manifest.name)).toEqual([]);
  });

  it('shares with the host what there may be one copy of', () => {
    // The host itself, which brings them, and a part of it that knows types of them only.
    if (manifest.name === '@soar-feed/cli') return;
    for (const name of SHARED) expect(dependencies).not.toHaveProperty([name]);
    if (!isTarget) return;
    for (const name of SHARED) expect(peerDependencies).toHaveProperty([name]);
    expect(manifest.keywords).toContain('soar-feed-target');
  });

  it('names our own packages in the version of this repository', () => {
    for (const [name, wanted] of Object.entries({ ...dependencies, ...peerDependencies, ...devDependencies })) {
      if (versions.has(name)) expect([name, wanted]).toEqual([name, versions.get(name)]);
    }
  });
});
