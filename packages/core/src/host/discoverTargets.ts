import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TargetLoadError } from '../contract/errors.js';
import { CONTRACT } from '../contract/FeedTargetPackage.js';

/** A target package as its manifest describes it; nothing of it has been run. */
export interface DiscoveredTarget {
  readonly packageName: string;
  readonly version: string;
  /** Absolute, links resolved. */
  readonly folder: string;
  readonly contract: number;
  /** What `class=` may say for it. */
  readonly types: readonly string[];
  /** Where it was found, for people. */
  readonly foundBy: 'target_packages' | 'dependency of the config folder' | 'installed beside soar-feed';
}

export interface DiscoveryOptions {
  readonly configFile: string;
  /** `[feeds] target_packages`: names, or paths relative to the config file. */
  readonly targetPackages?: readonly string[];
  /** A file of the installed host; packages beside it are found too (global installs). Default: core's own place. */
  readonly hostFile?: string;
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly soarFeed?: { readonly contract?: unknown; readonly types?: unknown };
}

/**
 * Every target package in reach, by their manifests alone: those named in the config, then the dependencies of the
 * package nearest the config file, then those installed beside the host. Throws `TargetLoadError` for a named one that
 * is not there or is no target.
 */
export function discoverTargets(options: DiscoveryOptions): readonly DiscoveredTarget[] {
  const found = [
    ...(options.targetPackages ?? []).map((name) => named(name, options.configFile)),
    ...dependenciesNear(options.configFile),
    ...installedBeside(options.hostFile ?? fileURLToPath(import.meta.url)),
  ];
  const byFolder = new Map<string, DiscoveredTarget>();
  for (const target of found) if (!byFolder.has(target.folder)) byFolder.set(target.folder, target);
  return [...byFolder.values()];
}

/** The package whose types hold `className`, without case; the first place that has one decides. */
export function targetFor(className: string, targets: readonly DiscoveredTarget[]): DiscoveredTarget {
  const wanted = className.toLowerCase();
  const matches = targets.filter((target) => target.types.some((type) => type.toLowerCase() === wanted));
  const [first] = matches;
  if (first === undefined) {
    const known = targets.flatMap((target) => target.types.map((type) => `${type} (${target.packageName})`));
    throw new TargetLoadError(
      `no installed package offers class ${className}; found: ${known.join(', ') || 'no target package at all'}. ` +
        'Install its package beside the config file, or name it in [feeds] target_packages',
      { code: 'target-unknown-class' },
    );
  }
  const rivals = matches.filter((target) => target.foundBy === first.foundBy && target.folder !== first.folder);
  if (rivals.length > 0) {
    throw new TargetLoadError(
      `class ${className} is offered by ${[first, ...rivals].map((target) => `${target.packageName} in ${target.folder}`).join(' and by ')}; ` +
        'name the one you want in [feeds] target_packages',
      { code: 'target-ambiguous-class' },
    );
  }
  if (first.contract !== CONTRACT) {
    throw new TargetLoadError(
      `class ${className} comes from ${first.packageName} ${first.version}, made for contract ${first.contract}; this soar-feed has contract ${CONTRACT}. ` +
        `Install a version of ${first.packageName} made for contract ${CONTRACT}`,
      { code: 'target-other-contract' },
    );
  }
  return first;
}

function named(nameOrPath: string, configFile: string): DiscoveredTarget {
  const folder = /^[./~]|^[A-Za-z]:/.test(nameOrPath)
    ? resolve(dirname(configFile), nameOrPath)
    : folderOf(nameOrPath, configFile);
  const target = folder === undefined ? undefined : readTarget(folder, 'target_packages');
  if (target !== undefined) return target;
  throw new TargetLoadError(
    folder === undefined
      ? `${nameOrPath} is not installed; run "npm install ${nameOrPath}" in ${dirname(configFile)}`
      : `${nameOrPath} is no target package: the package.json in ${folder} has no "soarFeed" with "contract" and "types"`,
    { code: 'target-missing-package' },
  );
}

function dependenciesNear(configFile: string): readonly DiscoveredTarget[] {
  for (let folder = dirname(resolve(configFile)); ; folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) {
      return Object.keys(manifest.dependencies ?? {}).flatMap((name) => {
        const place = folderOf(name, join(folder, 'package.json'));
        const target = place === undefined ? undefined : readTarget(place, 'dependency of the config folder');
        return target === undefined ? [] : [target];
      });
    }
    if (folder === dirname(folder)) return [];
  }
}

/** Reads every manifest of the `node_modules` folders above the host. */
function installedBeside(hostFile: string): readonly DiscoveredTarget[] {
  const folders: string[] = [];
  for (let folder = dirname(hostFile); folder !== dirname(folder); folder = dirname(folder)) {
    const modules = folder.endsWith('node_modules') ? folder : join(folder, 'node_modules');
    for (const name of list(modules)) {
      if (name.startsWith('@')) folders.push(...list(join(modules, name)).map((inner) => join(modules, name, inner)));
      else folders.push(join(modules, name));
    }
  }
  return folders.flatMap((folder) => readTarget(folder, 'installed beside soar-feed') ?? []);
}

function readTarget(folder: string, foundBy: DiscoveredTarget['foundBy']): DiscoveredTarget | undefined {
  const manifest = readManifest(folder);
  const { contract, types } = manifest?.soarFeed ?? {};
  if (manifest === undefined || typeof contract !== 'number' || !Array.isArray(types)) return undefined;
  return {
    packageName: String(manifest.name),
    version: String(manifest.version ?? '0.0.0'),
    folder: realpathSync(folder),
    contract,
    types: types.map(String),
    foundBy,
  };
}

/** Where a package is installed, seen from `fromFile`: its folder, found without its `exports` having a say. */
function folderOf(name: string, fromFile: string): string | undefined {
  const places = createRequire(resolve(fromFile)).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((folder) => readManifest(folder) !== undefined);
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  try {
    if (!statSync(file).isFile()) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return undefined; // no package, or a broken one that some other tool will complain about
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return []; // not every folder above has node_modules
  }
}
