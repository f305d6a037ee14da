import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './repository.js';

/** The commands that docs/write-a-target.md tells an author to type first, one per line. */
export function shownCommands(): readonly string[] {
  const text = readFileSync(join(REPOSITORY, 'docs', 'write-a-target.md'), 'utf8');
  const [, block] = /^<!-- packing: these commands -->\n\n```sh\n([\s\S]*?)\n```$/m.exec(text) ?? [];
  if (block === undefined) throw new Error('docs/write-a-target.md shows no commands.');
  return block.split('\n');
}
