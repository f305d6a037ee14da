import { expect, it } from '@jest/globals';
import { shownCommands } from '../src/shownCommands.js';

it('the commands that an author types first are those that the trials know', () => {
  expect(shownCommands()).toEqual([
    'npm create @soar-feed/feed-target my-target',
    'cd my-target',
    'npm install',
    'npm run lint',
    'npm test',
    'npm run simulate',
  ]);
});
