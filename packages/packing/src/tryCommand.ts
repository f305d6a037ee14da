import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { install } from './install.js';

/** Tries what an operator does first, with nothing but the packages. */
export async function tryCommand(folder: string, tarballs: readonly string[]): Promise<void> {
  await install(folder, tarballs);
  const soarFeed = (...args: string[]): [string, ...string[]] => [
    process.execPath,
    join('node_modules', '@soar-feed', 'cli', 'bin', 'soar-feed.js'),
    ...args,
  ];
  await callAs(folder, soarFeed('--version'), { says: /\d+\.\d+\.\d+/ });
  await callAs(folder, soarFeed('config', 'init'));
  const written = join(folder, 'app.config');
  if (!readFileSync(written, 'utf8').includes('[feeds]')) throw new Error('config init wrote no [feeds].');
  await callAs(folder, soarFeed('targets'), { says: /file[\s\S]*resilient/ });
  writeFileSync(written, '[resilient]\nhost=soar.example.com\n[feeds]\nfeed_names=a\n[a]\nclass=file\nfile_mode=9\n');
  await callAs(folder, soarFeed('check'), { code: 3, says: /file_mode[\s\S]*0600/ });
}
