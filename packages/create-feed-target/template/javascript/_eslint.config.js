import js from '@eslint/js';

const names = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'clearTimeout',
  'console',
  'fetch',
  'process',
  'setTimeout',
  'URL',
];
const globals = Object.fromEntries(names.map((name) => [name, 'readonly']));

export default [js.configs.recommended, { languageOptions: { globals } }];
