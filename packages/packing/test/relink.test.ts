import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { documentsOf } from '../src/documentsOf.js';
import { DRESSED, undress } from '../src/dressed.js';
import { linksOf, relink } from '../src/relink.js';

let temp: TempFolder;
beforeEach(async () => {
  temp = await tempFolder();
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(temp.file(name), '..'), { recursive: true });
    writeFileSync(temp.file(name), text);
  }
});
afterEach(() => temp.remove());

const FILES = {
  'packages/cli/README.md':
    '[a](../../docs/a.md#part) [src](src/x) [web](https://x.org/y.md) [gone](../../docs/gone.md)',
  'docs/a.md': '[b](b.md) [readme](../packages/cli/README.md) [here](#here)',
  'docs/b.md': '[back](a.md) [other](../packages/core/src/contract) ![shot](images/b.png)',
  'docs/c.md': 'nobody links here',
};

describe('a package takes along', () => {
  it('the documents that its README leads to, and theirs', () => {
    expect([...documentsOf(temp.file('packages/cli'), temp.path)]).toEqual([
      [temp.file('docs/a.md'), 'docs/a.md'],
      [temp.file('docs/b.md'), 'docs/b.md'],
    ]);
  });
});

describe('a link', () => {
  const linked = (name: keyof typeof FILES, at: string): string => {
    const folder = temp.file('packages/cli');
    const documents = documentsOf(folder, temp.path);
    return relink(FILES[name], temp.file(name), at, {
      repository: temp.path,
      url: 'https://host/repo',
      folder,
      documents,
    });
  };

  it('of the README leads to the copy, into the package, or to the repository', () => {
    expect(linked('packages/cli/README.md', 'README.md')).toBe(
      '[a](docs/a.md#part) [src](src/x) [web](https://x.org/y.md) [gone](https://host/repo/blob/main/docs/gone.md)',
    );
  });

  it('of a copy leads beside it, back, or to the repository', () => {
    expect(linked('docs/a.md', 'docs/a.md')).toBe('[b](b.md) [readme](../README.md) [here](#here)');
    expect(linked('docs/b.md', 'docs/b.md')).toBe(
      '[back](a.md) [other](https://host/repo/blob/main/packages/core/src/contract) ![shot](https://host/repo/raw/main/docs/images/b.png)',
    );
  });

  it('is told from an address and an anchor', () => {
    expect(linksOf('[a](x.md) [b](http://x) [c](#c) [d](mailto:x@y) ![e](pic.png#f)')).toEqual(['x.md', 'pic.png']);
  });
});

describe('a package that a killed run left dressed', () => {
  it('gets its README back and loses the copies', () => {
    const folder = temp.file('packages/cli');
    mkdirSync(join(folder, DRESSED));
    writeFileSync(join(folder, DRESSED, 'README.md'), 'as it was');
    writeFileSync(join(folder, DRESSED, 'docs'), '');
    mkdirSync(join(folder, 'docs'));
    undress(folder);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('as it was');
    expect([existsSync(join(folder, 'docs')), existsSync(join(folder, DRESSED))]).toEqual([false, false]);
  });

  it('keeps documents of its own', () => {
    const folder = temp.file('packages/cli');
    mkdirSync(join(folder, DRESSED));
    mkdirSync(join(folder, 'docs'));
    undress(folder);
    undress(folder);
    expect(existsSync(join(folder, 'docs'))).toBe(true);
  });
});
