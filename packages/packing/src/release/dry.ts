/**
 * Releases for real, but into nothing: clones the last commit, lets lerna raise the version there, builds, and lets lerna
 * publish to a registry on loopback, as `.github/workflows/release.yml` does. Then looks at every package that arrived.
 * Neither the repository nor npm's registry is touched. Exits 1 at the first fault.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAs } from '../call.js';
import { lookInto } from '../lookInto.js';
import { manifestOf, publishedFolders } from '../repository.js';
import { notesOf } from './changelog.js';
import { releaseVersion } from './releaseVersion.js';
import { ThrowawayRegistry } from './ThrowawayRegistry.js';
import { throwawayClone } from './throwawayClone.js';

const bump = process.argv[2] ?? 'minor';
const folder = mkdtempSync(join(tmpdir(), 'soar-feed-release-'));
const registry = new ThrowawayRegistry();
try {
  await registry.open();
  const clone = join(folder, 'clone');
  await throwawayClone(clone);
  const before = releaseVersion(clone);
  await callAs(clone, ['npx', 'lerna', 'version', bump, '--yes', '--no-push', '--no-git-tag-version']);
  const version = releaseVersion(clone);
  if (version === before) throw new Error(`lerna left the version at ${before}.`);
  const notes = notesOf(readFileSync(join(clone, 'CHANGELOG.md'), 'utf8'), version);
  await callAs(clone, ['git', 'commit', '--quiet', '--all', '--message', `release: v${version}`]);
  await publish(clone);
  await lookAtAll(version);
  process.stdout.write(`${publishedFolders().length} packages would publish as ${version}. Notes:\n\n${notes}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
}

async function publish(clone: string): Promise<void> {
  const address = `//127.0.0.1:${registry.port}/`;
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, `${address}:_authToken=none\n`);
  const env = { npm_config_userconfig: npmrc, npm_config_registry: `http:${address}` };
  await callAs(clone, ['npx', 'lerna', 'publish', 'from-package', '--yes', '--no-verify-access'], { env });
}

async function lookAtAll(version: string): Promise<void> {
  const arrived = registry.tarballs();
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  for (const place of publishedFolders()) {
    const { name } = manifestOf(place);
    const tarball = arrived.get(`${name}@${version}`);
    if (tarball === undefined) throw new Error(`${name} was not published as ${version}.`);
    const file = join(tarballs, `${name.replace('/', '-')}.tgz`);
    writeFileSync(file, tarball);
    const manifest = manifestOf(await lookInto(file));
    const ours = Object.entries({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...manifest.devDependencies,
    });
    const other = ours.find(([needed, wanted]) => needed.startsWith('@soar-feed/') && wanted !== version);
    if (other !== undefined) throw new Error(`${name} ${version} needs ${other.join(' ')}.`);
  }
}
