import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../../../', import.meta.url);
const text = readFileSync(new URL('docs/architecture.md', root), 'utf8');

/** `core/lanes/Lane.ts` in the text is `packages/core/src/lanes/Lane.ts`. */
function place(named: string): string {
  const [pkg, ...path] = named.split('/');
  return fileURLToPath(new URL(`packages/${pkg}/src/${path.join('/')}`, root));
}

describe('docs/architecture.md', () => {
  const named = [...new Set([...text.matchAll(/`([a-z-]+\/[\w./-]+\.ts)`/g)].map((match) => match[1] as string))];

  it('names files that exist', () => {
    expect(named.length).toBeGreaterThan(30);
    const gone = named.filter((file) => !file.startsWith('packages/') && !existsSync(place(file)));
    expect(gone).toEqual([]);
  });
});
