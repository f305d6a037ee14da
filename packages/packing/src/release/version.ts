/**
 * lerna runs this as the root's `version` script, after it changed the manifests and before it commits. It does what
 * lerna does not: raises the peers to the new version, shows it in the guide, and moves the changelog's unreleased
 * lines under it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../repository.js';
import { cutChangelog } from './changelog.js';
import { raisePeers, raiseShown } from './raiseVersion.js';
import { releaseVersion } from './releaseVersion.js';

const version = releaseVersion(REPOSITORY);
const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);

const rewrite = (path: string, change: (text: string) => string): void => {
  const file = join(REPOSITORY, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

rewrite('CHANGELOG.md', (text) => cutChangelog(text, version, today));
rewrite('docs/write-a-target.md', (text) => raiseShown(text, version));
for (const workspace of ['packages', 'examples']) {
  for (const name of readdirSync(join(REPOSITORY, workspace))) {
    rewrite(join(workspace, name, 'package.json'), (text) => raisePeers(text, version));
  }
}
