/** Prints the release notes of the version that the repository is at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../repository.js';
import { notesOf } from './changelog.js';
import { releaseVersion } from './releaseVersion.js';

const changelog = readFileSync(join(REPOSITORY, 'CHANGELOG.md'), 'utf8');
process.stdout.write(`${notesOf(changelog, releaseVersion(REPOSITORY))}\n`);
