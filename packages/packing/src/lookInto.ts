import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { callAs } from './call.js';
import { linksOf } from './relink.js';

/** Unpacks a tarball beside itself and looks at what is in it. Gives the folder; rejects with the first fault. */
export async function lookInto(tarball: string): Promise<string> {
  const into = tarball.replace(/\.tgz$/, '');
  mkdirSync(into);
  await callAs(into, ['tar', '-xzf', tarball, '--strip-components=1']);
  const files = readdirSync(into, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const fault = (text: string): never => {
    throw new Error(`${basename(tarball)}: ${text}`);
  };
  for (const name of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(name)) fault(`${name} is not in it.`);
  }
  // A template's tests are its own.
  const stray = files
    .filter((name) => !name.startsWith('template/'))
    .find((name) => /(^|\/)(test|node_modules|\.dressed)(\/|$)|\.tsbuildinfo$|\.test\./.test(name));
  if (stray !== undefined) fault(`${stray} does not belong in it.`);
  for (const name of files.filter((file) => file.endsWith('.md'))) {
    const document = join(into, name);
    const broken = linksOf(readFileSync(document, 'utf8')).find(
      (link) => !existsSync(resolve(dirname(document), link)),
    );
    if (broken !== undefined) fault(`${name} links to ${broken}, which is not in it.`);
  }
  return into;
}
