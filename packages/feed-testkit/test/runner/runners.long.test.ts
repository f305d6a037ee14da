import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const FILE = fileURLToPath(new URL('./fixtures/memory.test.mjs', import.meta.url));

/** Runs the file in another process with `node:test`, on the built kit; gives its exit code and both streams. */
function nodeTest(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: unknown; readonly text: string }> {
  // The variables of Jest stay in: a child process inherits them, and is not under Jest all the same.
  const options = { env: { ...process.env, NODE_OPTIONS: '', ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--test', '--test-reporter=tap', FILE], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, text: `${stdout}${stderr}` });
    });
  });
}

it('runs under node:test, without Jest or Vitest', async () => {
  expect(process.env['JEST_WORKER_ID']).toBeDefined();
  const { code, text } = await nodeTest();
  expect(text).toMatch(/FeedTarget Memory: \d\d scenarios held, 0 failed, \d\d skipped/);
  expect(text).toMatch(/skipped: outage \(2\): the case has no `outage`/);
  expect(text).toMatch(/# fail 0/);
  expect(code).toBe(0);
});

it('fails there with what was asked and what the target did', async () => {
  const { code, text } = await nodeTest({ BREAK: 'yes' });
  expect(code).toBe(1);
  expect(text).toMatch(/The target must take the upsert of incident 2100 \(status "delivered"\)\.\s+Instead: it threw/);
});
