import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestFor } from './manifestFor.js';
import type { Language } from './manifestFor.js';
import { namesFor } from './names.js';
import { UsageError } from './UsageError.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TEMPLATE = join(ROOT, 'template');

export interface CreateOptions {
  /** A folder, or a package's name with a scope, whose folder is the name without it. */
  readonly place: string;
  readonly type?: string | undefined;
  readonly language?: Language;
  /** What `place` is relative to. Default: the working directory. */
  readonly cwd?: string;
}

export interface Created {
  /** Absolute. */
  readonly folder: string;
  readonly packageName: string;
  readonly type: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Writes the project of a new target. Overwrites nothing. Throws `UsageError` for names that are not possible and for a
 * folder with something in it, and what the file system throws.
 */
export function createFeedTarget({ place, type, language = 'typescript', cwd = '.' }: CreateOptions): Created {
  const names = namesFor(place, { type });
  const folder = resolve(cwd, names.folder);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const files = new Map([['package.json', `${JSON.stringify(manifestFor(names, language, version), undefined, 2)}\n`]]);
  for (const part of ['common', language]) {
    for (const [name, text] of templates(part)) {
      files.set(name, text.replaceAll('__NAME__', names.packageName).replaceAll('__TYPE__', names.type));
    }
  }
  mustBeEmpty(folder);
  for (const [name, text] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
  return { folder, packageName: names.packageName, type: names.type, files: [...files.keys()].sort() };
}

/** A new repository's `.git` is no obstacle. */
function mustBeEmpty(folder: string): void {
  let there: readonly string[];
  try {
    there = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new UsageError(`${folder} is not a folder; name another.`);
    throw error;
  }
  if (there.some((name) => name !== '.git')) {
    throw new UsageError(`${folder} is not empty; name a new folder, or empty this one.`);
  }
}

function templates(part: string): readonly (readonly [string, string])[] {
  const root = join(TEMPLATE, part);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      // npm leaves out some files that begin with a dot, and eslint would take a template's settings for ours.
      const name = file
        .slice(root.length + 1)
        .replaceAll('\\', '/')
        .replace(/^dot_/, '.')
        .replace(/^_/, '');
      return [name, readFileSync(file, 'utf8')];
    });
}
