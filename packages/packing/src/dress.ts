/**
 * npm's `prepack` of every package: copies the documents that its README leads to, and makes links work outside the
 * repository. `undress` undoes that. Runs in the package's folder.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsOf } from './documentsOf.js';
import { DRESSED, undress } from './dressed.js';
import { relink } from './relink.js';
import { addressOf, REPOSITORY } from './repository.js';

const folder = process.cwd();
undress(folder);
const documents = documentsOf(folder, REPOSITORY);
const shipped = { repository: REPOSITORY, url: addressOf(REPOSITORY), folder, documents };

mkdirSync(join(folder, DRESSED));
cpSync(join(folder, 'README.md'), join(folder, DRESSED, 'README.md'));
if (documents.size > 0) {
  if (existsSync(join(folder, 'docs'))) throw new Error(`${folder} has documents of its own; link to those instead.`);
  writeFileSync(join(folder, DRESSED, 'docs'), '');
  mkdirSync(join(folder, 'docs'));
}
for (const [from, at] of [[join(folder, 'README.md'), 'README.md'] as const, ...documents]) {
  writeFileSync(join(folder, at), relink(readFileSync(from, 'utf8'), from, at, shipped));
}
