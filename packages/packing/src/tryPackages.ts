/**
 * Packs every package that goes to npm, installs the tarballs in an empty folder outside the repository, as a user and as
 * the author of a target would, and tries what the READMEs promise there. Needs npm's registry. Exits 1 at the first fault.
 * Arguments name single trials: `operator` first, which the examples and the custom target go on in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './packAll.js';
import { tryAuthor } from './tryAuthor.js';
import { tryCommand } from './tryCommand.js';
import { tryExamples } from './tryExamples.js';
import { tryScaffold } from './tryScaffold.js';

const folder = mkdtempSync(join(tmpdir(), 'soar-feed-packages-'));
try {
  const tarballs = await packAll(join(folder, 'tarballs'));
  const operator = join(folder, 'operator');
  const trials: readonly (readonly [string, () => Promise<void>])[] = [
    ['operator', () => tryCommand(operator, tarballs)],
    ['examples', () => tryExamples(operator)],
    ['custom-target', () => tryAuthor(join(folder, 'custom-target'), tarballs, operator)],
    ['scaffold-typescript', () => tryScaffold(join(folder, 'typescript'), tarballs, 'typescript')],
    ['scaffold-javascript', () => tryScaffold(join(folder, 'javascript'), tarballs, 'javascript')],
  ];
  const wanted = process.argv.slice(2);
  for (const [name, attempt] of trials) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const startedAt = performance.now();
    await attempt();
    process.stdout.write(`${name}: ok, ${Math.round((performance.now() - startedAt) / 1_000)} s\n`);
  }
  process.stdout.write(`${tarballs.length} packages: packed, installed and tried.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
