/**
 * Packs every package that goes to npm, installs the tarballs in an empty folder outside the repository, as a user and as
 * the author of a target would, and tries what the READMEs promise there. Needs npm's registry. Exits 1 at the first fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './packAll.js';
import { tryAuthor } from './tryAuthor.js';
import { tryCommand } from './tryCommand.js';

const folder = mkdtempSync(join(tmpdir(), 'soar-feed-packages-'));
try {
  const tarballs = await packAll(join(folder, 'tarballs'));
  await tryCommand(join(folder, 'user'), tarballs);
  await tryAuthor(join(folder, 'author'), tarballs);
  process.stdout.write(`${tarballs.length} packages: packed, installed and tried.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
