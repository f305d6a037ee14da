import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';

/**
 * Installs in a folder of its own. Rejects when npm fails, or warns that a package does not support this version of
 * Node.
 */
export async function install(
  folder: string,
  what: readonly string[],
  manifest: object = { private: true },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, allowScripts: { sqlite3: true } }));
  const text = await callAs(folder, ['npm', 'install', '--no-audit', '--no-fund', ...what]);
  const [warning] = /^.*EBADENGINE[\s\S]*?}$/m.exec(text) ?? [];
  if (warning !== undefined) throw new Error(`npm install warns of this Node (${process.version}):\n${warning}`);
}
