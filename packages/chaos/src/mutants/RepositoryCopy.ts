import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Break } from './Mutant.js';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const SCOPE = '@soar-feed';

/** A built copy of the packages in its own folder, where they may be broken; third-party packages are linked. */
export class RepositoryCopy {
  private constructor(readonly folder: string) {}

  static make(): RepositoryCopy {
    const folder = mkdtempSync(join(tmpdir(), 'soar-feed-mutants-'));
    for (const name of ['package.json', 'tsconfig.base.json', 'jest.config.mjs', 'jest.services.config.mjs'])
      cpSync(join(REPOSITORY, name), join(folder, name));
    linkAll(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), [SCOPE]);
    mkdirSync(join(folder, 'node_modules', SCOPE));
    for (const name of readdirSync(join(REPOSITORY, 'packages'))) copyPackage(name, folder);
    mkdirSync(join(folder, 'examples')); // jest wants the folder that its config names
    return new RepositoryCopy(folder);
  }

  /** Breaks one file; the returned function restores it. Throws unless the text to replace occurs exactly once. */
  breakBy({ file, find, replace, name }: Break): () => void {
    const written = join(this.folder, 'packages', file);
    const source = readFileSync(written, 'utf8');
    const parts = source.split(find);
    if (parts.length !== 2) {
      throw new Error(
        `The mutant "${name}" no longer fits: its text stands ${parts.length - 1} times in packages/${file}.`,
      );
    }
    const built = join(this.folder, 'packages', file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    const before = readFileSync(built, 'utf8');
    const broken = parts.join(replace);
    writeFileSync(written, broken);
    writeFileSync(built, this.transpile(broken, basename(file)));
    return () => {
      writeFileSync(written, source);
      writeFileSync(built, before);
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private transpile(text: string, fileName: string): string {
    const { config } = ts.readConfigFile(join(this.folder, 'tsconfig.base.json'), (path) =>
      readFileSync(path, 'utf8'),
    ) as {
      readonly config: { readonly compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      { ...config.compilerOptions, module: 'esnext', moduleResolution: 'bundler' },
      '.',
    );
    return ts.transpileModule(text, { compilerOptions: { ...options, composite: false }, fileName }).outputText;
  }
}

function copyPackage(name: string, folder: string): void {
  const from = join(REPOSITORY, 'packages', name);
  if (!existsSync(join(from, 'package.json')) || !existsSync(join(from, 'dist'))) return;
  const to = join(folder, 'packages', name);
  for (const part of ['package.json', 'src', 'test', 'dist', 'bin']) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
  }
  if (existsSync(join(from, 'node_modules'))) linkAll(join(from, 'node_modules'), join(to, 'node_modules'), []);
  symlinkSync(join('..', '..', 'packages', name), join(folder, 'node_modules', SCOPE, name));
}

function linkAll(from: string, to: string, except: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!except.includes(name)) symlinkSync(join(from, name), join(to, name));
  }
}

/** The program of this package in a copy: what `npm run chaos` runs. */
export function chaosProgram({ folder }: RepositoryCopy): string {
  return join(
    folder,
    'packages',
    basename(dirname(dirname(dirname(fileURLToPath(import.meta.url))))),
    'dist',
    'main.js',
  );
}
