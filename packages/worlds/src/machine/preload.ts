import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Loads what a host imports while it starts: Node reads modules in time of its own. */
export async function preload(): Promise<void> {
  const store = fileURLToPath(import.meta.resolve('@soar-feed/store'));
  await Promise.all([
    import('@soar-feed/resilient-feed'),
    import('@soar-feed/file-feed'),
    import(pathToFileURL(createRequire(store).resolve('sqlite3')).href),
  ]);
}
