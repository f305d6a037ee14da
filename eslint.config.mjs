import tseslint from 'typescript-eslint';

const joinedSignals = {
  object: 'AbortSignal',
  property: 'any',
  message: 'It never lets go of a signal that lives on: use within.',
};

/** Packages whose time and chance a simulation replaces. */
const simulated =
  'core,store,soar-client,resilient-feed,file-feed,sql-feed,kafka-feed,elastic-feed,splunk-feed,webhook-feed';
const message = 'Take it from `surroundings()`.';

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/coverage/**',
      '**/*.mjs',
      'packages/*/bin/**',
      '**/fixtures/**',
      'packages/*/template/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['packages/*/src/**/*.ts', 'examples/*/src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-properties': ['error', joinedSignals],
    },
  },
  {
    files: [`packages/{${simulated}}/src/**/*.ts`],
    ignores: [
      'packages/soar-client/src/surroundings.ts',
      // A mark that nobody can guess.
      'packages/soar-client/src/json/markLargeNumbers.ts',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message })),
      ],
      'no-restricted-properties': [
        'error',
        joinedSignals,
        { object: 'Date', property: 'now', message },
        { object: 'Math', property: 'random', message },
        { object: 'performance', property: 'now', message },
        { object: 'process', property: 'hrtime', message },
      ],
      'no-restricted-syntax': ['error', { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:timers', message },
            { name: 'node:timers/promises', message },
            { name: 'node:crypto', importNames: ['randomUUID', 'randomBytes', 'randomInt'], message },
          ],
        },
      ],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
);
