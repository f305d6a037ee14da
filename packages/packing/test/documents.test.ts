import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { documentsOf } from '../src/documentsOf.js';
import { publishedFolders, REPOSITORY } from '../src/repository.js';

it.each(publishedFolders().map((folder) => [basename(folder), folder] as const))(
  '%s takes documents along only where it has none of its own',
  (_, folder) => {
    const taken = [...documentsOf(folder, REPOSITORY).values()];
    if (existsSync(join(folder, 'docs'))) expect(taken).toEqual([]);
    else expect(taken.every((place) => place.startsWith('docs/'))).toBe(true);
  },
);
