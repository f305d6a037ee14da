import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addressOf, manifestOf, REPOSITORY } from '../src/repository.js';

const places = ['packages', 'examples'].flatMap((workspace) =>
  readdirSync(join(REPOSITORY, workspace)).map((name) => `${workspace}/${name}`),
);

describe.each(places)('the manifest of %s', (directory) => {
  const manifest = manifestOf(join(REPOSITORY, directory));
  const address = addressOf(REPOSITORY);

  it('says where it comes from, where to report, and what it ships', () => {
    const readme = existsSync(join(REPOSITORY, directory, 'README.md')) ? '#readme' : '';
    expect(manifest).toMatchObject({
      license: 'MIT',
      repository: { ...manifestOf(REPOSITORY).repository, directory },
      bugs: `${address}/issues`,
      homepage: `${address}/tree/main/${directory}${readme}`,
      files: expect.arrayContaining(['dist']),
    });
  });

  it('is public on npm, or private', () => {
    if (manifest.private === true) expect(manifest).not.toHaveProperty('publishConfig');
    else expect(manifest).toMatchObject({ publishConfig: { access: 'public' } });
  });
});
