import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore } from '@soar-feed/store';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { withService } from './support/ownServer.js';

/** A file system of a megabyte; only root may mount one. */
const MISSING_DISK =
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'A small disk can be made by root on Linux only.';

withService('a disk that is full', MISSING_DISK, () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder();
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder.path], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  });
  afterEach(async () => {
    spawnSync('umount', [folder.path]);
    await folder.remove();
  });

  const fill = (): void => {
    // As much as fits, page by page.
    for (const bytes of [1 << 16, 1 << 12]) {
      for (let n = 0; ; n += 1) {
        try {
          writeFileSync(folder.file(`fill-${bytes}-${n}`), Buffer.alloc(bytes, 1));
        } catch {
          rmSync(folder.file(`fill-${bytes}-${n}`), { force: true });
          break;
        }
      }
    }
  };
  const free = (): void => {
    for (const bytes of [1 << 16, 1 << 12])
      for (let n = 0; n < 300; n += 1) rmSync(folder.file(`fill-${bytes}-${n}`), { force: true });
  };

  it('is told as that, never as a lease that somebody else took, and the store is taken back when there is room', async () => {
    const database = { client: 'sqlite', file: folder.file('a.db') } as const;
    const store = new KnexFeedStore({ database });
    await store.open();
    const write = (n: number) =>
      store.checkpoints.write('a', { incidentId: n, startedAtMs: 1, detail: { text: 'x'.repeat(20_000) } });
    await write(1);
    fill();
    for (let n = 2; n < 40; n += 1) {
      const error: unknown = await write(n).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toMatchObject({ kind: 'store', code: 'store-full' });
    }
    await expect(write(40)).rejects.toMatchObject({ code: 'store-full' });
    // As a feed does with its mapping: closed, and opened again and again.
    await store.close();
    const again: unknown = await store.open().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (again !== undefined) expect(again).toMatchObject({ code: expect.stringMatching(/^store-(full|io)$/) });
    await store.close();
    free();
    await store.open();
    await write(41);
    expect(await store.checkpoints.read('a')).toMatchObject({ incidentId: 41 });
    await store.close();
  });
});
