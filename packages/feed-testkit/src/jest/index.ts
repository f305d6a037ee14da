import { fileURLToPath } from 'node:url';

/**
 * Jest's configuration for a target in TypeScript or JavaScript, as ES modules: `export { default } from
 * '@soar-feed/feed-testkit/jest'` is a whole `jest.config.mjs`. It needs `jest`, and `typescript` for tests that are
 * written in it; run Jest with `node --experimental-vm-modules`.
 */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': fileURLToPath(new URL('./transform.js', import.meta.url)) },
  // TypeScript's `./Mine.js` is the file `./Mine.ts`; a built package keeps its own `.js` files.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
