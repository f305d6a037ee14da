import { expect, it } from '@jest/globals';
import { Commits } from '../../src/write/Commits.js';

it('commits end together, and are pending as soon as there is one', async () => {
  const commits = new Commits();
  expect(commits.pending).toBe(false);
  await commits.done();
  let end = (): void => undefined;
  commits.add(new Promise<void>((resolve) => (end = resolve)));
  commits.add(Promise.resolve());
  expect(commits.pending).toBe(true);
  let done = false;
  const all = commits.done().then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBe(false);
  end();
  await all;
});

it('a failed commit is told by done, however late that is called', async () => {
  const commits = new Commits();
  commits.add(Promise.reject(new Error('disk full')));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(commits.done()).rejects.toThrow('disk full');
});
