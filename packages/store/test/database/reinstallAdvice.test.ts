import { describe, expect, it } from '@jest/globals';
import { reinstallAdvice } from '../../src/database/reinstallAdvice.js';

describe('the advice where the native part of sqlite3 is missing', () => {
  it.each([
    [
      '/usr/lib/node_modules/@soar-feed/cli/node_modules/@soar-feed/store/dist/x.js',
      [],
      'npm i -g --allow-scripts=sqlite3',
    ],
    [
      '/srv/feed/node_modules/@soar-feed/store/dist/x.js',
      ['/srv/feed/package.json'],
      'npm rebuild sqlite3` in /srv/feed',
    ],
    ['C:\\feed\\node_modules\\@soar-feed\\store\\dist\\x.js', ['*'], 'npm rebuild sqlite3` in C:\\feed'],
    ['/src/soar-feed/packages/store/dist/x.js', [], 'npm rebuild sqlite3` where it is installed'],
  ])('fits the place of %s', (file, there, expected) => {
    expect(reinstallAdvice(file, (path) => there.includes(path) || there.includes('*'))).toContain(expected);
  });
});
