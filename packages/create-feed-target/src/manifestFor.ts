import type { Names } from './names.js';

export type Language = 'typescript' | 'javascript';

/** Versions of the tools, as soar-feed's own repository uses them; a test compares. */
export const TOOLS = {
  inversify: '^8.2.3',
  '@types/node': '^20.19.0',
  typescript: '^6.0.3',
  eslint: '^10.15.0',
  'typescript-eslint': '^8.73.0',
  '@eslint/js': '^10.0.1',
} as const;

/** The manifest of a new project. `version` is the one of soar-feed's packages, which is this package's own. */
export function manifestFor({ packageName, type }: Names, language: Language, version: string): object {
  const isTyped = language === 'typescript';
  const tools = isTyped
    ? (['@types/node', 'eslint', 'inversify', 'typescript', 'typescript-eslint'] as const)
    : (['@eslint/js', 'eslint', 'inversify'] as const);
  const ours = ['core', 'feed-testkit', 'soar-simulator'].map((name) => [`@soar-feed/${name}`, version] as const);
  return {
    name: packageName,
    version: '0.1.0',
    description: 'A target of soar-feed: appends every change to a file, one JSON object per line.',
    type: 'module',
    keywords: ['soar-feed-target'],
    soarFeed: { contract: 1, types: [type] },
    engines: { node: '^20.19.0 || ^22.13.0 || >=24.0.0' },
    exports: {
      // `default` must stay: the host looks for it.
      '.': isTyped ? { types: './dist/index.d.ts', default: './dist/index.js' } : { default: './src/index.js' },
      './package.json': './package.json',
    },
    files: [isTyped ? 'dist' : 'src'],
    scripts: {
      ...(isTyped
        ? {
            build: 'tsc',
            lint: 'eslint .',
            test: 'npm run build && tsc -p tsconfig.test.json && node --test build-test/test/*.test.js',
            simulate: 'npm run build && node scripts/simulate.mjs',
            prepack: 'npm run build',
          }
        : { lint: 'eslint .', test: 'node --test test/*.test.js', simulate: 'node scripts/simulate.mjs' }),
    },
    // The host and all targets must share one copy of these.
    peerDependencies: { '@soar-feed/core': `^${version}`, inversify: TOOLS.inversify },
    devDependencies: Object.fromEntries(
      [...ours, ...tools.map((name) => [name, TOOLS[name]] as const)].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}
